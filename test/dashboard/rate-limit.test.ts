import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rateLimit } from '../../src/dashboard/access/rate-limit.ts';
import { startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

describe('rateLimit', () => {
  it('lets a burst through, then one more at each share of a minute', () => {
    let time = 0;
    const wait = rateLimit(6, () => time);
    expect(Array.from({ length: 8 }, () => wait('a'))).toEqual([0, 0, 0, 0, 0, 0, 10, 10]);
    time = 4_000;
    expect(wait('a')).toBe(6);
    time = 10_000;
    expect([wait('a'), wait('a')]).toEqual([0, 10]);
    time = 3_600_000;
    expect(Array.from({ length: 7 }, () => wait('a'))).toEqual([0, 0, 0, 0, 0, 0, 10]);
  });

  it('counts each client for itself, over the turn of a minute, too', () => {
    let time = 0;
    const wait = rateLimit(2, () => time);
    time = 59_000;
    expect([wait('a'), wait('a'), wait('a'), wait('b')]).toEqual([0, 0, 30, 0]);
    time = 61_000;
    expect([wait('a'), wait('b'), wait('c')]).toEqual([28, 0, 0]);
    time = 121_500;
    expect([wait('a'), wait('a'), wait('a')]).toEqual([0, 0, 30]);
  });
});

describe('a client that asks too often', () => {
  let dashboard: TestDashboard;

  beforeAll(async () => {
    dashboard = await startDashboard({}, { SEARCHES_PER_MINUTE: '3', TRUSTED_PROXIES: 'loopback' });
  });
  afterAll(() => dashboard.close());

  const search = async (from: string, path = '/api/tracks') =>
    (await send(dashboard.address, path, { headers: { 'X-Forwarded-For': from } })).status;

  it('is told to wait, by header and code, while others are not', async () => {
    for (let i = 0; i < 3; i++) expect(await search('192.0.2.1')).toBe(200);
    const answer = await send(dashboard.address, '/api/tracks', {
      headers: { 'X-Forwarded-For': '192.0.2.1' },
    });
    expect(answer.status).toBe(429);
    expect(answer.json().error.code).toBe('TOO_MANY_REQUESTS');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(20);
    expect(await search('192.0.2.1', '/api/tracks/000001/similar')).toBe(429);
    expect(await search('192.0.2.1', '/api/tracks/000001')).toBe(200);
    expect(await search('192.0.2.2')).toBe(200);
  });

  it('is one client with all addresses of its IPv6 network', async () => {
    for (const host of ['1', '2:3', 'ffff:0:0:1']) expect(await search(`2001:db8:0:7::${host}`)).toBe(200);
    expect(await search('2001:0db8:0:7:a:b:c:d')).toBe(429);
    expect(await search('2001:db8:0:8::1')).toBe(200);
  });

  it('cannot take another address by a header that no proxy set', async () => {
    const direct = await startDashboard({}, { SEARCHES_PER_MINUTE: '1' });
    const status = async (from: string) =>
      (await send(direct.address, '/api/tracks', { headers: { 'X-Forwarded-For': from } })).status;
    const statuses = [await status('192.0.2.1'), await status('192.0.2.2')];
    await direct.close();
    expect(statuses).toEqual([200, 429]);
  });
});
