import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

let dashboard: TestDashboard;

beforeAll(async () => {
  dashboard = await startDashboard();
});

afterAll(() => dashboard.close());

describe('security', () => {
  it.each(['/', '/runs', '/runs/run-a'])(
    'gives the page %s a policy without anything inline',
    async (path) => {
      const { status, headers } = await send(dashboard.address, path);
      expect(status).toBe(200);
      expect(headers['content-type']).toContain('text/html');
      expect(headers['content-security-policy']).toContain("script-src 'self';");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it.each(['/queues/', '/api/health', '/api/nothing', '/nothing'])('protects %s', async (path) => {
    const { headers } = await send(dashboard.address, path);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '192.168.1.2'])(
    'refuses the host name "%s" on a loopback address',
    async (host) => {
      const answer = await send(dashboard.address, '/api/health', { headers: { Host: host } });
      expect(answer.status).toBe(403);
      expect(answer.json().error.code).toBe('REQUEST_REFUSED');
    },
  );

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '[::1]:3000', 'music.localhost'])(
    'answers to %s',
    async (host) => {
      expect((await send(dashboard.address, '/api/health', { headers: { Host: host } })).status).toBe(200);
    },
  );

  it.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ Origin: 'http://evil.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 200],
    [{ 'Sec-Fetch-Site': 'none' }, 200],
    [{}, 200],
  ])('lets a page that sent %j pause the queues: %i', async (headers, status) => {
    const answer = await send(dashboard.address, '/queues/api/queues/pause', { method: 'PUT', headers });
    expect(answer.status).toBe(status);
  });

  it('lets a page of the same origin write that sends no Sec-Fetch-Site', async () => {
    const headers = { Origin: dashboard.address };
    const answer = await send(dashboard.address, '/queues/api/queues/pause', { method: 'PUT', headers });
    expect(answer.status).toBe(200);
  });
});
