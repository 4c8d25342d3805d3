import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

const PASSWORD = 'correct horse battery';

let dashboard: TestDashboard;
/** The administrator's cookie: what is refused here is refused though it is sent along. */
let session: string;

beforeAll(async () => {
  dashboard = await startDashboard({}, { ADMIN_PASSWORD: PASSWORD });
  const login = await send(dashboard.address, '/api/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ password: PASSWORD }),
  });
  session = login.headers['set-cookie']![0]!.split(';')[0]!;
});

afterAll(() => dashboard.close());

describe('security', () => {
  it.each(['/', '/runs', '/runs/run-a', '/login', '/api/docs'])(
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

  it.each(['/', '/runs', '/runs/run-a', '/login', '/api/docs'])(
    'has nothing on the page %s that its policy would refuse',
    async (path) => {
      const page = (await send(dashboard.address, path)).body.toString();
      for (const script of page.match(/<script[^>]*>[^<]*/g) ?? []) {
        expect(script).toMatch(/^<script type="module" src="\/assets\/[\w-]+\.js">$/);
      }
      expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<base|<iframe/i);
      expect(page).not.toMatch(/\s(?:src|href|action)="(?!\/(?!\/)|#)/);
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
    const answer = await send(dashboard.address, '/queues/api/queues/pause', {
      method: 'PUT',
      headers: { ...headers, Cookie: session },
    });
    expect(answer.status).toBe(status);
  });

  it('lets a page of the same origin write that sends no Sec-Fetch-Site', async () => {
    const headers = { Origin: dashboard.address, Cookie: session };
    const answer = await send(dashboard.address, '/queues/api/queues/pause', { method: 'PUT', headers });
    expect(answer.status).toBe(200);
  });

  it('knows its name from a server in front of it, where it is told to', async () => {
    const login = async (environment: NodeJS.ProcessEnv) => {
      const other = await startDashboard({}, { ADMIN_PASSWORD: PASSWORD, ...environment });
      const headers = {
        Origin: 'https://music.example',
        'X-Forwarded-Host': 'music.example',
        'Content-Type': 'application/json',
      };
      const body = JSON.stringify({ password: PASSWORD });
      const { status } = await send(other.address, '/api/session', { method: 'POST', headers, body });
      await other.close();
      return status;
    };
    expect(await login({ TRUSTED_PROXIES: 'loopback' })).toBe(200);
    expect(await login({})).toBe(403);
  });

  it('sets no cookie for a foreign name, and does not repeat the name', async () => {
    const answer = await send(dashboard.address, '/', { headers: { Host: 'evil.example' } });
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(answer.body.toString()).not.toContain('evil');
  });
});

describe('what a client sends', () => {
  it.each([
    'query[$gt]=',
    'query[$regex]=.*',
    'query[]=a',
    'query.$ne=a',
    'limit[$gt]=1',
    '$where=sleep(1000)',
    '__proto__[limit]=1',
    'constructor[prototype][limit]=1',
  ])('is no query object (?%s)', async (query) => {
    const answer = await send(dashboard.address, `/api/tracks?${encodeURI(query)}`);
    expect(answer.status).toBe(400);
    expect(answer.json().error.code).toBe('USAGE');
  });

  it('is a text where it looks like an operator', async () => {
    const answer = await send(dashboard.address, '/api/tracks?query=%7B%22%24gt%22%3A%22%22%7D');
    expect(answer.json()).toMatchObject({ total: 0, tracks: [] });
  });

  it('is not read beyond the limit of a body', async () => {
    const body = JSON.stringify({ password: 'x'.repeat(20_000) });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await send(dashboard.address, '/api/session', { method: 'POST', headers, body });
    expect(answer.status).toBe(413);
    expect(answer.json().error.code).toBe('USAGE');
  });

  it('is not read at all where no route takes a body', async () => {
    const body = '{"broken';
    const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
    const answer = await send(dashboard.address, '/api/tracks', { method: 'GET', headers, body });
    expect(answer.status).toBe(200);
  });

  it('does not become a header', async () => {
    const other = await startDashboard({}, { HOST: '0.0.0.0', ADMIN_PASSWORD: PASSWORD });
    const path = '/runs/a%0d%0aSet-Cookie:%20evil=1?next=%0d%0aLocation:%20http://evil.example';
    const { status, headers } = await send(other.address, path);
    await other.close();
    expect(status).toBe(303);
    expect(headers.location).toBe(`/login?next=${encodeURIComponent(path)}`);
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('is not repeated as markup', async () => {
    const answer = await send(dashboard.address, '/api/%3Cscript%3Ealert(1)%3C/script%3E');
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });
});
