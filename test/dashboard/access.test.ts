import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { hashSecret, newSecret } from '../../src/credentials/token.ts';
import { dashboardSettings } from '../../src/dashboard/settings.ts';
import { SoundalikeError } from '../../src/errors.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

const TOKEN = newSecret();
const API_TOKENS = `radio:${hashSecret(newSecret())},robot:${hashSecret(TOKEN)}`;
const PAUSE = '/queues/api/queues/pause';
const bearer = { Authorization: `Bearer ${TOKEN}` };

describe('the settings of the dashboard', () => {
  const settings = (environment: NodeJS.ProcessEnv) => dashboardSettings(readConfig(environment));

  it.each(['0.0.0.0', '::', '192.168.1.2', 'music.example', '10.0.0.127'])(
    'refuse HOST=%s without credentials',
    (HOST) => {
      expect(() => settings({ HOST })).toThrow(
        expect.objectContaining({ code: 'CREDENTIALS_NEEDED', message: expect.stringContaining(HOST) }),
      );
      expect(settings({ HOST, API_TOKENS }).local).toBe(false);
      expect(settings({ HOST, ADMIN_PASSWORD: 'correct horse battery' }).local).toBe(false);
    },
  );

  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('need none at HOST=%s', (HOST) => {
    expect(settings({ HOST }).local).toBe(true);
  });

  it('refuse two passwords', () => {
    const key = 'A'.repeat(43);
    expect(() =>
      settings({
        ADMIN_PASSWORD: 'correct horse battery',
        ADMIN_PASSWORD_HASH: `scrypt:32768:8:3:${key}:${key}`,
      }),
    ).toThrow('keep one');
  });
});

describe('on this machine alone', () => {
  let dashboard: TestDashboard;
  beforeAll(async () => {
    dashboard = await startDashboard();
  });
  afterAll(() => dashboard.close());

  it.each(['/', '/runs', '/queues/', '/api/tracks', '/api/health', '/api/docs'])(
    'shows %s to anybody',
    async (path) => {
      expect((await send(dashboard.address, path)).status).toBe(200);
    },
  );

  it.each(['PUT', 'POST', 'PATCH', 'DELETE'])('lets nobody change the queues by %s', async (method) => {
    const answer = await send(dashboard.address, PAUSE, { method });
    expect(answer.status).toBe(403);
    expect(answer.json().error.code).toBe('ADMINISTRATION_OFF');
  });
});

describe('where others reach it', () => {
  let dashboard: TestDashboard;
  beforeAll(async () => {
    dashboard = await startDashboard({}, { HOST: '0.0.0.0', API_TOKENS });
  });
  afterAll(() => dashboard.close());

  it.each(['/', '/runs', '/runs/run-a', '/queues/', '/queues/api/queues', '/api/docs', '/nothing'])(
    'leads from %s to the login',
    async (path) => {
      const { status, headers } = await send(dashboard.address, path);
      expect(status).toBe(303);
      expect(headers.location).toBe(`/login?next=${encodeURIComponent(path)}`);
    },
  );

  it.each([
    '/api/tracks',
    '/API/Tracks/',
    '/api//tracks',
    '/api/tracks/000001',
    '/api/tracks/000001/similar',
    '/api/tracks/000001/peaks',
    '/api/tracks/000001/audio',
    '/api/runs',
    '/api/runs/run-a',
    '/api/openapi.json',
  ])('gives no %s without a token', async (path) => {
    const answer = await send(dashboard.address, path);
    expect([401, 404]).toContain(answer.status);
    expect(['LOGIN_NEEDED', 'ROUTE_NOT_FOUND']).toContain(answer.json().error.code);
    if (answer.status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('gives everything with one', async () => {
    for (const path of ['/', '/queues/', '/api/tracks', '/api/tracks/000001/audio', '/api/docs']) {
      expect((await send(dashboard.address, path, { headers: bearer })).status).toBe(200);
    }
    expect((await send(dashboard.address, PAUSE, { method: 'PUT', headers: bearer })).status).toBe(200);
    expect((await send(dashboard.address, PAUSE, { method: 'PUT' })).status).toBe(401);
  });

  it('tells of its health no more than that, unless there is a token', async () => {
    expect((await send(dashboard.address, '/api/health')).json()).toEqual({ status: 'ok' });
    expect((await send(dashboard.address, '/api/health', { headers: bearer })).json()).toMatchObject({
      index: { id: 'index-1' },
    });
  });

  it('does not tell what is wrong with the index, either', async () => {
    const collection = async () => {
      throw new SoundalikeError('INDEX_DAMAGED', '/srv/private is not as it was');
    };
    const damaged = await startDashboard({ collection }, { HOST: '0.0.0.0', API_TOKENS });
    const [without, withToken] = [
      await send(damaged.address, '/api/health'),
      await send(damaged.address, '/api/health', { headers: bearer }),
    ];
    await damaged.close();
    expect([without.status, withToken.status]).toEqual([500, 500]);
    expect(without.body.toString()).not.toContain('private');
    expect(withToken.body.toString()).toContain('private');
  });

  it('minds no login of a server in front of it', async () => {
    const headers = { Authorization: `Basic ${Buffer.from('me:secret').toString('base64')}` };
    expect((await send(dashboard.address, '/api/health', { headers })).status).toBe(200);
    expect((await send(dashboard.address, '/api/tracks', { headers })).status).toBe(401);
  });

  it('shows the login and what it loads', async () => {
    for (const path of ['/login', '/assets/login.js', '/assets/base.css', '/api/session']) {
      expect((await send(dashboard.address, path)).status).toBe(200);
    }
  });

  it.each([
    ['the address', `/api/tracks?access_token=${TOKEN}`, {}],
    ['the address, as token', `/api/tracks?token=${TOKEN}`, {}],
    ['a cookie', '/api/tracks', { Cookie: `soundalike_session=${TOKEN}` }],
    ['another header', '/api/tracks', { 'X-Api-Key': TOKEN }],
    ['another scheme', '/api/tracks', { Authorization: `Basic ${TOKEN}` }],
    ['no scheme', '/api/tracks', { Authorization: TOKEN }],
    ['a list', '/api/tracks', { Authorization: `Bearer x, Bearer ${TOKEN}` }],
    ['its hash', '/api/tracks', { Authorization: `Bearer ${hashSecret(TOKEN)}` }],
    ['its name', '/api/tracks', { Authorization: 'Bearer robot' }],
    ['a part', '/api/tracks', { Authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
  ])('takes no token in %s', async (_place, path, headers) => {
    const answer = await send(dashboard.address, path, { headers });
    expect(answer.status).toBe(401);
    expect(answer.body.toString()).not.toContain(TOKEN);
  });

  it('tells a program that its token is wrong even where none is needed', async () => {
    const headers = { Authorization: `Bearer ${newSecret()}` };
    const answer = await send(dashboard.address, '/api/health', { headers });
    expect(answer.status).toBe(401);
    expect(answer.json().error.code).toBe('LOGIN_REFUSED');
    expect(answer.headers['www-authenticate']).toContain('invalid_token');
  });
});

it('listens nowhere else without credentials, even with every other setting', async () => {
  const folder = await temporaryFolder();
  await expect(startDashboard({}, { HOST: '0.0.0.0', DATA_DIR: folder })).rejects.toMatchObject({
    code: 'CREDENTIALS_NEEDED',
  });
});
