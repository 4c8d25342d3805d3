import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { hashPassword } from '../../src/credentials/password.ts';
import type { OpenApi } from '../../src/dashboard/api/openapi.ts';
import { dashboardSettings } from '../../src/dashboard/settings.ts';
import { openSessions } from '../../src/store/sessions.ts';
import { sineWav } from '../support/wav.ts';
import { startDashboard, type TestDashboard } from './fakes.ts';
import { type RawAnswer, send } from './http.ts';

const ADMIN_PASSWORD = 'correct horse battery';
const PASSWORDS = { ada: 'sesame open wide', bob: 'another long one' };
const JSON_HEADERS = { 'Content-Type': 'application/json' };

let LISTENERS: string;
let dashboard: TestDashboard;

beforeAll(async () => {
  const hashes = Object.entries(PASSWORDS).map(
    async ([name, password]) => `${name}:${await hashPassword(password)}`,
  );
  LISTENERS = (await Promise.all(hashes)).join('\n');
  dashboard = await start();
});
afterAll(() => dashboard?.close());

/** Open to others, who may try as often as these tests need. */
const start = (settings: NodeJS.ProcessEnv = {}) =>
  startDashboard({}, { HOST: '0.0.0.0', ADMIN_PASSWORD, LISTENERS, LOGINS_PER_MINUTE: '1000', ...settings });

const login = (body: { name?: string; password: string }, { address } = dashboard) =>
  send(address, '/api/session', { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) });

/** `name=value`, as a browser would send it back. */
const cookieOf = ({ headers }: RawAnswer) => headers['set-cookie']?.[0]?.split(';')[0] ?? '';

const logIn = async (name: keyof typeof PASSWORDS, at = dashboard) =>
  cookieOf(await login({ name, password: PASSWORDS[name] }, at));

function ask(Cookie: string, path: string, { method = 'GET', body, at = dashboard }: Asked = {}) {
  const headers = { Cookie, ...(body !== undefined && JSON_HEADERS) };
  return send(at.address, path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

interface Asked {
  method?: string;
  body?: unknown;
  at?: TestDashboard;
}

const refusal = ({ status, json }: RawAnswer) => [status, json().error.code];

describe('a listener who is logged in from elsewhere', () => {
  it('is told so, by a cookie that scripts and other sites cannot use', async () => {
    const answer = await login({ name: 'ada', password: PASSWORDS.ada });
    const session = {
      administrator: false,
      listener: 'ada',
      onlooker: false,
      loginPossible: true,
      namesPossible: true,
    };
    expect(answer.json()).toEqual(session);
    expect(answer.headers['set-cookie']![0]).toMatch(
      /^soundalike_session=[\w-]{43}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect((await ask(cookieOf(answer), '/api/session')).json()).toEqual(session);
  });

  it.each([
    '/',
    '/api/docs',
    '/api/tracks?query=tide',
    '/api/tracks/000001/similar',
    '/api/tracks/000001/audio',
    '/api/tracks/000001/peaks',
    '/api/path?from=000001&to=000020',
    '/api/genres',
    '/api/map/points',
    '/api/listeners/me/recommendations',
    '/api/listeners/me/playlists',
  ])('may use %s, which nobody else may', async (path) => {
    expect((await ask(await logIn('ada'), path)).status).toBe(200);
    expect([303, 401]).toContain((await ask('', path)).status);
  });

  it('is the same in every browser, and no other than itself', async () => {
    const [ada, adaElsewhere, bob] = [await logIn('ada'), await logIn('ada'), await logIn('bob')];
    const list = '/api/listeners/me/playlists';
    const made = await ask(ada, list, { method: 'POST', body: { name: 'Evening', tracks: ['000001'] } });
    const { id, revision } = made.json();
    expect((await ask(adaElsewhere, list)).json().playlists).toHaveLength(1);

    expect((await ask(bob, list)).json().playlists).toEqual([]);
    for (const asked of [
      { method: 'GET' },
      { method: 'PUT', body: { revision, name: 'Mine' } },
      { method: 'DELETE' },
    ]) {
      expect(refusal(await ask(bob, `${list}/${id}`, asked))).toEqual([404, 'PLAYLIST_NOT_FOUND']);
    }
    // Nor by the cookie of a browser, which counts for nothing beside a login.
    const planted = await ask(`${bob}; soundalike_listener=${'a'.repeat(43)}`, list);
    expect(planted.json().playlists).toEqual([]);
    expect((await ask(ada, `${list}/${id}`)).json().name).toBe('Evening');

    const like = { method: 'POST', body: { event: 'like', track: '000007' } };
    expect((await ask(ada, '/api/listeners/me/activity', like)).status).toBe(200);
    const liked = async (cookie: string) =>
      (await ask(cookie, '/api/listeners/me/recommendations')).json().liked;
    await expect.poll(() => liked(adaElsewhere)).toEqual(['000007']);
    expect(await liked(bob)).toEqual([]);
  });
});

describe('a listener has no administration', () => {
  it.each([
    ['GET', '/runs'],
    ['GET', '/runs/run-a'],
    ['GET', '/queues/'],
    ['GET', '/queues/api/queues'],
    ['PUT', '/queues/api/queues/pause'],
    ['POST', '/queues/api/queues/extract/empty'],
    ['GET', '/api/runs'],
    ['GET', '/API/Runs/'],
    ['GET', '/api/runs/run-a'],
    ['GET', '/api/runs/run-a/timeline'],
  ])('at %s %s', async (method, path) => {
    const answer = await ask(await logIn('ada'), path, { method });
    expect(refusal(answer)).toEqual([403, 'ADMINISTRATOR_NEEDED']);
  });

  it('by any operation that the API has for the administrator', async () => {
    const ada = await logIn('ada');
    const { paths }: OpenApi = (await ask(ada, '/api/openapi.json')).json();
    const closed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security.every((way) => Object.keys(way).length > 0))
        .map(([method]) => ({
          method: method.toUpperCase(),
          path: `/api${path.replace(/\{\w+\}/, 'run-a')}`,
        })),
    );
    expect(closed.length).toBeGreaterThan(6);
    for (const { method, path } of closed) {
      expect(refusal(await ask(ada, path, { method }))).toEqual([403, 'ADMINISTRATOR_NEEDED']);
    }
  });

  it('over files that are sent, nor learns what the health knows', async () => {
    const Cookie = await logIn('ada');
    const sent = await send(dashboard.address, '/api/similar', {
      method: 'POST',
      headers: { Cookie },
      body: sineWav(1, 220),
    });
    expect(sent.status).toBe(200);
    expect(sent.json().token).toBeNull();
    expect((await ask(Cookie, '/api/health')).json()).toEqual({ status: 'ok' });
  });

  it('by a page of another site, to which the cookie went along', async () => {
    const headers = { Cookie: await logIn('ada'), ...JSON_HEADERS, Origin: 'http://evil.example' };
    const answer = await send(dashboard.address, '/api/listeners/me/activity', {
      method: 'POST',
      headers,
      body: JSON.stringify({ event: 'like', track: '000001' }),
    });
    expect(refusal(answer)).toEqual([403, 'REQUEST_REFUSED']);
  });

  it('by a session that somebody has turned into the administrator’s or another’s', async () => {
    const at = await start();
    onTestFinished(() => at.close());
    const ada = await logIn('ada', at);
    const folder = join(at.folder, 'dashboard/sessions');
    const file = join(folder, (await readdir(folder))[0]!);
    const session = JSON.parse(await readFile(file, 'utf8'));
    for (const listener of [null, 'bob', 'nobody']) {
      await writeFile(file, JSON.stringify({ ...session, listener }));
      expect((await ask(ada, '/api/session', { at })).json()).toMatchObject({
        administrator: false,
        listener: null,
      });
      expect((await ask(ada, '/api/tracks', { at })).status).toBe(401);
    }
    await writeFile(file, JSON.stringify(session));
    expect((await ask(ada, '/api/tracks', { at })).status).toBe(200);
  });
});

describe('the login of a listener', () => {
  it.each([
    [{ name: 'ada', password: PASSWORDS.bob }],
    [{ name: 'ada', password: ADMIN_PASSWORD }],
    [{ password: PASSWORDS.ada }],
    [{ name: 'Ada', password: PASSWORDS.ada }],
    [{ name: 'eve', password: PASSWORDS.ada }],
    [{ name: 'administrator', password: ADMIN_PASSWORD }],
    [{ name: '__proto__', password: PASSWORDS.ada }],
    [{ name: 'ada:', password: PASSWORDS.ada }],
  ])('is refused to %j, without a word of what is wrong', async (body) => {
    const answer = await login(body);
    expect(refusal(answer)).toEqual([401, 'LOGIN_REFUSED']);
    expect(answer.json().error.message).toBe('the name or the password is wrong');
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  it.each([{ name: '' }, { name: ['ada'] }, { name: { $ne: '' } }, { name: 'a'.repeat(51) }, { name: null }])(
    'takes no name like %j',
    async (named) => {
      const answer = await login({ ...named, password: PASSWORDS.ada } as Parameters<typeof login>[0]);
      expect(refusal(answer)).toEqual([400, 'USAGE']);
    },
  );

  it('stands no flood of guesses, whatever the names', async () => {
    const at = await start({ LOGINS_PER_MINUTE: '2' });
    onTestFinished(() => at.close());
    const names = ['ada', 'bob', 'eve', 'ada'];
    const statuses = [];
    for (const name of names) statuses.push((await login({ name, password: 'a wrong guess' }, at)).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
  });

  it('ends with a new password, and with the listener', async () => {
    const [ada, bob] = [await logIn('ada'), await logIn('bob')];
    const sessions = dashboard.folder;
    const [first, second] = LISTENERS.split('\n') as [string, string];
    const others = [
      { LISTENERS: `ada:${await hashPassword(PASSWORDS.ada)} ${second}`, stay: [401, 200] },
      { LISTENERS: first, stay: [200, 401] },
    ];
    for (const { LISTENERS: listeners, stay } of others) {
      const at = await startDashboard(
        { sessions: openSessions(sessions) },
        { HOST: '0.0.0.0', ADMIN_PASSWORD, LISTENERS: listeners },
      );
      const statuses = [];
      for (const cookie of [ada, bob]) statuses.push((await ask(cookie, '/api/tracks', { at })).status);
      await at.close();
      expect(statuses).toEqual(stay);
    }
  });

  it('ends with the logout, for good', async () => {
    const ada = await logIn('ada');
    await ask(ada, '/api/session', { method: 'DELETE' });
    expect((await ask(ada, '/api/tracks')).status).toBe(401);
  });
});

describe('the setting LISTENERS', () => {
  it('is enough to serve others, who then have no administrator', async () => {
    expect(dashboardSettings(readConfig({ HOST: '0.0.0.0', LISTENERS })).local).toBe(false);
    const at = await startDashboard({}, { HOST: '0.0.0.0', LISTENERS });
    onTestFinished(() => at.close());
    const ada = await logIn('ada', at);
    expect((await ask(ada, '/api/tracks', { at })).status).toBe(200);
    expect((await login({ password: PASSWORDS.ada }, at)).status).toBe(401);
  });

  it('leaves this machine as it is: whoever asks may look on, and a listener may log in', async () => {
    const at = await startDashboard({}, { LISTENERS });
    onTestFinished(() => at.close());
    expect((await ask('', '/api/runs', { at })).status).toBe(200);
    const ada = await logIn('ada', at);
    expect((await ask(ada, '/api/session', { at })).json()).toMatchObject({
      listener: 'ada',
      onlooker: true,
    });
    const answer = await ask(ada, '/queues/api/queues/pause', { method: 'PUT', at });
    expect(refusal(answer)).toEqual([403, 'ADMINISTRATOR_NEEDED']);
  });

  it.each(['ada', 'ada:plain password', 'a b:c', ':scrypt:1:1:1:a:b'])(
    'is no %j, which no error tells',
    (value) => {
      const secret = value.split(':').at(-1)!;
      expect(() => readConfig({ LISTENERS: value })).toThrow('LISTENERS');
      if (secret.includes('password')) expect(() => readConfig({ LISTENERS: value })).not.toThrow(secret);
    },
  );

  it('names each once', () => {
    const [first] = LISTENERS.split('\n');
    expect(() => readConfig({ LISTENERS: `${first},${first}` })).toThrow('once');
  });
});
