import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { hashSecret, newSecret } from '../../src/credentials/token.ts';
import { receiveBody } from '../../src/dashboard/uploads/receive-body.ts';
import { createTurns } from '../../src/dashboard/uploads/turns.ts';
import { openUploads, UPLOAD_LIFETIME_MS } from '../../src/store/uploads.ts';
import { serve } from '../support/serve.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { sineWav } from '../support/wav.ts';
import { fakeCollection, startDashboard, type TestDashboard } from './fakes.ts';
import { type RawAnswer, send } from './http.ts';

const SECRET = newSecret();
const ROBOT = { Authorization: `Bearer ${SECRET}` };
const SETTINGS = { API_TOKENS: `robot:${hashSecret(SECRET)}`, UPLOADS_PER_MINUTE: '1000' };
const wav = sineWav(1, 220);

async function start(...given: Parameters<typeof startDashboard>): Promise<TestDashboard> {
  const dashboard = await startDashboard(...given);
  onTestFinished(() => dashboard.close());
  return dashboard;
}

const upload = (
  { address }: TestDashboard,
  body: Buffer,
  headers: Record<string, string> = {},
  query = '',
): Promise<RawAnswer> => send(address, `/api/similar${query}`, { method: 'POST', body, headers });

const left = async ({ folder }: TestDashboard) => {
  const received = join(folder, 'uploads', 'received');
  return existsSync(received) ? readdir(received) : [];
};

describe('POST /api/similar', () => {
  it('answers the neighbours of the file sent, whatever it is said to be, and deletes it', async () => {
    const dashboard = await start({}, SETTINGS);
    const answer = await upload(dashboard, wav, { 'Content-Type': 'text/html' }, '?k=3&genre=Folk');
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ method: 'exact', seconds: 12, token: null });
    expect(answer.json().results.map(({ genre }: { genre: string }) => genre)).toEqual([
      'Folk',
      'Folk',
      'Folk',
    ]);
    expect(await left(dashboard)).toEqual([]);
  });

  it('refuses what is too large, announced or not, and leaves nothing', async () => {
    const dashboard = await start({}, { ...SETTINGS, UPLOAD_MAX_MEGABYTES: '0.01' });
    const announced = await upload(dashboard, wav);
    expect([announced.status, announced.json().error.code]).toEqual([413, 'UPLOAD_TOO_LARGE']);
    const chunked = await upload(dashboard, wav, { 'Transfer-Encoding': 'chunked' });
    expect([chunked.status, chunked.json().error.code]).toEqual([413, 'UPLOAD_TOO_LARGE']);
    expect(await left(dashboard)).toEqual([]);
  });

  it('leaves nothing where the search fails after the analysis', async () => {
    const broken = { ...fakeCollection([], () => ''), similar: () => Promise.reject(new Error('broken')) };
    const dashboard = await start({ collection: async () => broken }, SETTINGS);
    expect((await upload(dashboard, wav, ROBOT)).status).toBe(500);
    expect(await left(dashboard)).toEqual([]);
  });

  it('analyses two files at once, lets six more wait, and sends others away for a while', async () => {
    let running = 0;
    let most = 0;
    let finish = () => {};
    const mayFinish = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const folder = await temporaryFolder();
    const uploads = {
      store: openUploads(folder),
      async analyse() {
        most = Math.max(most, ++running);
        await mayFinish;
        running--;
        return { statistics: {} as never, seconds: 1 };
      },
    };
    const dashboard = await start({ uploads }, SETTINGS);
    const accepted = Array.from({ length: 8 }, () => upload(dashboard, wav));
    await vi.waitFor(async () => expect(await readdir(join(folder, 'uploads/received'))).toHaveLength(8));
    const refused = await upload(dashboard, wav);
    expect([refused.status, refused.json().error.code]).toEqual([503, 'UPLOADS_BUSY']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    finish();
    expect((await Promise.all(accepted)).map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(most).toBe(2);
    expect((await upload(dashboard, wav)).status).toBe(200);
    expect(await readdir(join(folder, 'uploads/received'))).toEqual([]);
  });

  it('stops where the client goes away: while it sends, and while the file is analysed', async () => {
    const stopped = vi.fn();
    const started = vi.fn();
    const folder = await temporaryFolder();
    const uploads = {
      store: openUploads(folder),
      analyse: (_file: string, _settings: unknown, signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => {
          started();
          signal.addEventListener('abort', () => {
            stopped();
            reject(signal.reason);
          });
        }),
    };
    const dashboard = await start({ uploads }, SETTINGS);
    const { hostname, port } = new URL(dashboard.address);
    for (const length of [wav.length, wav.length + 1]) {
      const client = httpRequest({
        hostname,
        port,
        path: '/api/similar',
        method: 'POST',
        headers: { 'Content-Length': length },
      }).on('error', () => {});
      client.write(wav);
      await vi.waitFor(async () => expect(await readdir(join(folder, 'uploads/received'))).toHaveLength(1));
      if (length === wav.length) await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(1));
      client.destroy();
      await vi.waitFor(async () => expect(await readdir(join(folder, 'uploads/received'))).toEqual([]));
    }
    expect(stopped).toHaveBeenCalledTimes(1);
    expect(dashboard.faults).toEqual([]);
  });

  it('counts against the limit of uploads', async () => {
    const dashboard = await start({}, { ...SETTINGS, UPLOADS_PER_MINUTE: '1' });
    expect((await upload(dashboard, wav)).status).toBe(200);
    const second = await upload(dashboard, wav);
    expect([second.status, second.json().error.code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(Number(second.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is for those who may listen, and not for pages of other sites', async () => {
    const dashboard = await start({}, { ...SETTINGS, HOST: '0.0.0.0' });
    expect((await upload(dashboard, wav)).status).toBe(401);
    expect((await upload(dashboard, wav, ROBOT)).status).toBe(200);
    expect((await upload(dashboard, wav, { ...ROBOT, 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  });
});

describe('keeping an upload', () => {
  const keep = ({ address }: TestDashboard, token: string, headers = {}) =>
    send(address, '/api/uploads', {
      method: 'POST',
      body: JSON.stringify({ token }),
      headers: { 'Content-Type': 'application/json', ...headers },
    });

  it('is for the administrator: named by its content, once', async () => {
    const dashboard = await start({}, SETTINGS);
    const { token } = (await upload(dashboard, wav, ROBOT)).json();
    expect(await left(dashboard)).toHaveLength(1);
    expect((await keep(dashboard, token)).status).toBe(401);

    const kept = await keep(dashboard, token, ROBOT);
    expect(kept.status).toBe(200);
    const { name, bytes } = kept.json();
    expect(name).toMatch(/^[\da-f]{64}\.wav$/);
    expect(bytes).toBe(wav.length);
    const list = (await send(dashboard.address, '/api/uploads', { headers: ROBOT })).json();
    expect(list).toEqual({ folder: join(dashboard.folder, 'uploads', 'kept'), uploads: [kept.json()] });
    expect(await readFile(join(list.folder, name))).toEqual(wav);
    expect(await left(dashboard)).toEqual([]);
    expect((await keep(dashboard, token, ROBOT)).json().error.code).toBe('UPLOAD_NOT_FOUND');
  });

  it('takes no token that is none, as a path for one', async () => {
    const dashboard = await start({}, SETTINGS);
    expect((await keep(dashboard, '../../kept', ROBOT)).status).toBe(400);
    expect((await keep(dashboard, newSecret(), ROBOT)).status).toBe(404);
  });
});

describe('the folder of uploads', () => {
  it('is swept of what is old, whoever left it, and of nothing else', async () => {
    const folder = await temporaryFolder();
    const store = openUploads(folder);
    await store.sweep();
    const received = join(folder, 'uploads', 'received');
    await mkdir(received, { recursive: true });
    await writeFile(join(received, 'left by a crash'), 'x');
    const past = (Date.now() - UPLOAD_LIFETIME_MS - 1000) / 1000;
    await utimes(join(received, 'left by a crash'), past, past);
    const young = await store.create();
    await store.sweep();
    expect(await readdir(received)).toEqual([hashSecret(young.token)]);
  });
});

describe('receiveBody', () => {
  it('gives up where nothing comes', async () => {
    const file = join(await temporaryFolder(), 'body');
    const address = await serve(async (request, response) => {
      const outcome = await receiveBody(request, file, { largestBytes: 100, idleSeconds: 0.05 }).catch(
        (error) => error.code,
      );
      response.end(String(outcome));
    });
    const { hostname, port } = new URL(address);
    const body = await new Promise<string>((resolve, reject) => {
      const client = httpRequest({ hostname, port, method: 'POST', headers: { 'Content-Length': 50 } });
      client.on('response', (response) => response.on('data', (text) => resolve(String(text))));
      client.on('error', reject);
      client.write('ten bytes.');
    });
    expect(body).toBe('UPLOAD_STALLED');
  });
});

describe('createTurns', () => {
  it('passes a turn on from who fails, and skips who went away', async () => {
    const inTurn = createTurns(1);
    const never = new AbortController().signal;
    const gone = new AbortController();
    let fail = () => {};
    const first = inTurn(
      () =>
        new Promise((_resolve, reject) => {
          fail = () => reject(new Error('failed'));
        }),
      never,
    );
    const second = inTurn(async () => 'second', gone.signal);
    const third = inTurn(async () => 'third', never);
    gone.abort();
    await expect(second).rejects.toThrow();
    fail();
    await expect(first).rejects.toThrow('failed');
    expect(await third).toBe('third');
    expect(await inTurn(async () => 'fourth', never)).toBe('fourth');
  });
});
