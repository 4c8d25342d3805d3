import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { hashPassword } from '../../src/credentials/password.ts';
import { newSecret } from '../../src/credentials/token.ts';
import { openSessions } from '../../src/store/sessions.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { startDashboard, type TestDashboard } from './fakes.ts';
import { type RawAnswer, send } from './http.ts';

const PASSWORD = 'correct horse battery';
const PAUSE = '/queues/api/queues/pause';

let dashboard: TestDashboard;

beforeEach(async () => {
  dashboard = await startDashboard({}, { ADMIN_PASSWORD: PASSWORD, TRUSTED_PROXIES: 'loopback' });
});
afterEach(() => dashboard.close());

const login = (password: string, headers: Record<string, string> = {}, { address } = dashboard) =>
  send(address, '/api/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ password }),
  });

/** With so few logins a minute that a bucket does not fill again while a test runs. */
async function startLimited(LOGINS_PER_MINUTE: string): Promise<TestDashboard> {
  const settings = { ADMIN_PASSWORD: PASSWORD, TRUSTED_PROXIES: 'loopback', LOGINS_PER_MINUTE };
  const limited = await startDashboard({}, settings);
  onTestFinished(() => limited.close());
  return limited;
}

/** `name=value`, as a browser would send it back. */
const cookieOf = ({ headers }: RawAnswer) => headers['set-cookie']?.[0]?.split(';')[0] ?? '';

const mayPause = async (Cookie: string, { address } = dashboard) =>
  (await send(address, PAUSE, { method: 'PUT', headers: { Cookie } })).status === 200;

describe('the login', () => {
  it('gives a session by a cookie that scripts and other sites cannot use', async () => {
    const answer = await login(PASSWORD);
    expect(answer.json()).toEqual({
      administrator: true,
      listener: null,
      onlooker: true,
      loginPossible: true,
      namesPossible: false,
    });
    expect(answer.headers['set-cookie']).toHaveLength(1);
    expect(answer.headers['set-cookie']![0]).toMatch(
      /^soundalike_session=[\w-]{43}; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(await mayPause(cookieOf(answer))).toBe(true);
    expect(await mayPause('')).toBe(false);
  });

  it('keeps the cookie to https where the client came by it', async () => {
    const answer = await login(PASSWORD, { 'X-Forwarded-Proto': 'https' });
    expect(answer.headers['set-cookie']![0]).toMatch(/; Secure/);
  });

  it('takes a hashed password, too', async () => {
    const hashed = await startDashboard({}, { ADMIN_PASSWORD_HASH: await hashPassword(PASSWORD) });
    const [right, wrong] = [await login(PASSWORD, {}, hashed), await login('wrong', {}, hashed)];
    const allowed = await mayPause(cookieOf(right), hashed);
    await hashed.close();
    expect([right.status, wrong.status, allowed]).toEqual([200, 401, true]);
  });

  it.each(['wrong', `${PASSWORD} `, PASSWORD.toUpperCase()])(
    'refuses the password "%s"',
    async (password) => {
      const answer = await login(password);
      expect(answer.status).toBe(401);
      expect(answer.json().error.code).toBe('LOGIN_REFUSED');
      expect(answer.headers).not.toHaveProperty('set-cookie');
    },
  );

  it('does not say that it is off by refusing', async () => {
    const off = await startDashboard();
    const answer = await login(PASSWORD, {}, off);
    await off.close();
    expect(answer.json().error.code).toBe('ADMINISTRATION_OFF');
  });

  it('gives a new id, and ends the session of the id that the client came with (fixation)', async () => {
    const planted = `soundalike_session=${newSecret()}`;
    const first = cookieOf(await login(PASSWORD, { Cookie: planted }));
    expect(first).not.toBe(planted);
    expect(await mayPause(planted)).toBe(false);
    const second = cookieOf(await login(PASSWORD, { Cookie: first }));
    expect(second).not.toBe(first);
    expect([await mayPause(first), await mayPause(second)]).toEqual([false, true]);
  });

  it('is not taken from a cookie that came twice, or has another form', async () => {
    const good = cookieOf(await login(PASSWORD));
    for (const cookie of [
      `${good}; soundalike_session=${newSecret()}`,
      `${good}x`,
      'soundalike_session=../..',
    ]) {
      expect(await mayPause(cookie)).toBe(false);
    }
    expect(await mayPause(`other=1; ${good}; theme=dark`)).toBe(true);
  });

  it('ends with the logout, for good', async () => {
    const cookie = cookieOf(await login(PASSWORD));
    const answer = await send(dashboard.address, '/api/session', {
      method: 'DELETE',
      headers: { Cookie: cookie },
    });
    expect(answer.json()).toMatchObject({ administrator: false, loginPossible: true });
    expect(answer.headers['set-cookie']![0]).toMatch(/^soundalike_session=; Max-Age=0/);
    expect(await mayPause(cookie)).toBe(false);
  });

  it('lasts over a restart and on other processes of the data folder, but not over a new password', async () => {
    const sessions = openSessions(await temporaryFolder());
    const start = (ADMIN_PASSWORD: string) => startDashboard({ sessions }, { ADMIN_PASSWORD });
    const [one, restarted, changed] = [
      await start(PASSWORD),
      await start(PASSWORD),
      await start('a new password'),
    ];
    const cookie = cookieOf(await login(PASSWORD, {}, one));
    const allowed = [await mayPause(cookie, restarted), await mayPause(cookie, changed)];
    for (const { close } of [one, restarted, changed]) await close();
    expect(allowed).toEqual([true, false]);
  });

  it('stands no flood of wrong passwords, and then refuses the right one, too', async () => {
    const limited = await startLimited('2');
    const from = (address: string) => ({ 'X-Forwarded-For': address });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      statuses.push((await login(`guess ${i}`, from('192.0.2.1'), limited)).status);
    }
    expect(statuses).toEqual([401, 401, 429, 429]);
    const right = await login(PASSWORD, from('192.0.2.1'), limited);
    expect(right.status).toBe(429);
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(0);
    expect((await login(PASSWORD, from('192.0.2.2'), limited)).status).toBe(200);
  });

  it('stands no flood from many addresses', async () => {
    const limited = await startLimited('1');
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) {
      statuses.push((await login('guess', { 'X-Forwarded-For': `192.0.2.${i}` }, limited)).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  });

  it.each([{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'http://evil.example' }])(
    'is not given to a page of another site (%j)',
    async (headers) => {
      const answer = await login(PASSWORD, headers);
      expect(answer.status).toBe(403);
      expect(answer.headers).not.toHaveProperty('set-cookie');
    },
  );

  it.each([
    ['application/x-www-form-urlencoded', `password=${PASSWORD}`],
    ['text/plain', JSON.stringify({ password: PASSWORD })],
    ['application/json', JSON.stringify({ password: { $ne: '' } })],
    ['application/json', JSON.stringify({ password: [PASSWORD] })],
    ['application/json', JSON.stringify({ password: PASSWORD, administrator: true })],
    ['application/json', '{"password":'],
    ['application/json', 'null'],
  ])('refuses a body of %s: %s', async (type, body) => {
    const answer = await send(dashboard.address, '/api/session', {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    });
    expect(answer.status).toBe(400);
    expect(answer.json().error.code).toBe('USAGE');
    expect(answer.body.toString()).not.toContain(PASSWORD);
  });
});
