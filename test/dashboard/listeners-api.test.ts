import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { newSecret } from '../../src/credentials/token.ts';
import type { Recommendations } from '../../src/dashboard/api/recommendation-schemas.ts';
import { fakeCollection, fakeTracks, startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

let dashboard: TestDashboard;
let collection = fakeCollection(fakeTracks(120), () => '');
beforeAll(async () => {
  dashboard = await startDashboard({ collection: async () => collection });
});
afterAll(async () => {
  await dashboard.close();
  expect(dashboard.faults).toEqual([]);
});

/** The headers of a new listener. */
const visitor = () => ({ Cookie: `soundalike_listener=${newSecret()}` });

type Headers = ReturnType<typeof visitor>;

const tell = (headers: OutgoingHttpHeaders, body: object) =>
  send(dashboard.address, '/api/listeners/me/activity', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const recommended = async (headers: Headers): Promise<Recommendations> =>
  (await send(dashboard.address, '/api/listeners/me/recommendations', { headers })).json();

/** The events of a stream, as they come; blocks without data, such as comments, too. */
async function* watch(headers: OutgoingHttpHeaders): AsyncGenerator<Record<string, string>> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = get(`${dashboard.address}/api/listeners/me/events`, { headers }, resolve);
    request.on('error', reject);
    onTestFinished(() => void request.destroy());
  });
  response.on('error', () => {});
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      yield Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
    }
  }
}

const next = async (stream: AsyncGenerator<Record<string, string>>) => {
  const { value } = await stream.next();
  return value as Record<string, string>;
};

describe('what a listener does', () => {
  it('changes what is recommended, with the reason', async () => {
    const me = visitor();
    expect((await recommended(me)).tracks.every(({ because }) => because === null)).toBe(true);
    const id = randomUUID();
    const { status, json } = await tell(me, { id, event: 'like', track: '000050' });
    expect([status, json()]).toEqual([200, { event: id }]);
    const list = await recommended(me);
    expect(list).toMatchObject({ index: 'index-1', latest: id, liked: ['000050'], disliked: [] });
    expect(list.tracks.length).toBeGreaterThan(10);
    expect(list.tracks[0]!.because).toMatchObject({ track: { id: '000050' }, liked: true });
    expect(list.tracks.map((track) => track.id)).not.toContain('000050');
  });

  it('counts once where it is sent twice', async () => {
    const [once, twice] = [visitor(), visitor()];
    const events = ['000010', '000090'].map((track) => ({ id: randomUUID(), event: 'complete', track }));
    for (const event of events) await tell(once, event);
    for (const event of [events[0]!, events[0]!, events[1]!]) await tell(twice, event);
    expect((await recommended(twice)).revision).toBe((await recommended(once)).revision);
  });

  it('is forgotten when asked for', async () => {
    const me = visitor();
    const before = await recommended(me);
    await tell(me, { event: 'dislike', track: '000003' });
    await tell(me, { event: 'like', track: '000050' });
    expect((await recommended(me)).revision).not.toBe(before.revision);
    const { status } = await send(dashboard.address, '/api/listeners/me/activity', {
      method: 'DELETE',
      headers: me,
    });
    expect(status).toBe(200);
    expect(await recommended(me)).toEqual(before);
  });

  it.each([
    ['no JSON', { event: { $ne: null }, track: '000001' }],
    ['an unknown action', { event: 'forget', track: '000001' }],
    ['a query for a track', { event: 'like', track: { $gt: '' } }],
    ['another listener', { event: 'like', track: '000001', listener: 'a'.repeat(64) }],
    ['an id that is none', { event: 'like', track: '000001', id: '../x' }],
    ['a time of its own', { event: 'like', track: '000001', at: 1 }],
    ['a position before the beginning', { event: 'skip', track: '000001', position: -1 }],
  ])('is refused with %s', async (_what, body) => {
    const { status, json } = await tell(visitor(), body);
    expect([status, json().error.code]).toEqual([400, 'USAGE']);
  });

  it('is refused of a track that is not there, and of a page of another site', async () => {
    expect((await tell(visitor(), { event: 'like', track: 'nobody' })).status).toBe(404);
    const me = visitor();
    for (const foreign of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://elsewhere.example' }]) {
      expect((await tell({ ...me, ...foreign }, { event: 'like', track: '000001' })).status).toBe(403);
    }
    expect((await recommended(me)).liked).toEqual([]);
  });
});

describe('listeners', () => {
  it('neither read nor write each other, by whatever a request says', async () => {
    const [me, other] = [visitor(), visitor()];
    await tell(me, { event: 'like', track: '000050' });
    const mine = await recommended(me);
    expect((await recommended(other)).liked).toEqual([]);
    const [id] = me.Cookie.split('=').slice(1);
    for (const path of [
      `/api/listeners/${id}/recommendations`,
      `/api/listeners/${id}/events`,
      `/api/listeners/me%2f..%2f${id}/recommendations`,
    ]) {
      expect((await send(dashboard.address, path, { headers: other })).status).toBe(404);
    }
    for (const headers of [
      { 'X-Listener': id },
      { Cookie: `${other.Cookie}; ${me.Cookie}` },
      { Cookie: `soundalike_listener="${id}"` },
    ]) {
      const answer = await send(dashboard.address, '/api/listeners/me/recommendations', { headers });
      expect(answer.json().liked).toEqual([]);
      await tell(headers, { event: 'dislike', track: '000051' });
    }
    for (const path of [`recommendations?listener=${id}`, `recommendations?me=${id}`]) {
      const answer = await send(dashboard.address, `/api/listeners/me/${path}`, { headers: other });
      expect(answer.json().liked ?? []).toEqual([]);
    }
    await send(dashboard.address, '/api/listeners/me/activity', { method: 'DELETE', headers: other });
    expect(await recommended(me)).toEqual(mine);
  });

  it('are told of their own lists alone', async () => {
    const [me, other] = [visitor(), visitor()];
    const [mine, others] = [watch(me), watch(other)];
    for (const stream of [mine, others]) {
      await next(stream);
      expect(await next(stream)).toMatchObject({ event: 'new_recommendations' });
    }
    await tell(me, { event: 'like', track: '000050' });
    expect(JSON.parse((await next(mine)).data!).liked).toEqual(['000050']);
    await tell(other, { event: 'like', track: '000020' });
    expect(JSON.parse((await next(others)).data!).liked).toEqual(['000020']);
  });
});

describe('a page that watches', () => {
  it('gets the list at once, then every new one; all pages of a listener do', async () => {
    const me = visitor();
    const pages = [watch(me), watch(me)];
    for (const page of pages) {
      expect(await next(page)).toEqual({ retry: '1000' });
      const { id, event, data } = await next(page);
      expect(event).toBe('new_recommendations');
      expect(JSON.parse(data!)).toEqual(await recommended(me));
      expect(JSON.parse(data!).revision).toBe(id);
    }
    await tell(me, { event: 'like', track: '000050' });
    for (const page of pages) {
      expect(JSON.parse((await next(page)).data!)).toEqual(await recommended(me));
    }
  });

  it('is not sent again what it has, and what came while it was away', async () => {
    const me = visitor();
    const { revision } = await recommended(me);
    const back = watch({ ...me, 'Last-Event-ID': revision });
    await next(back);
    await tell(me, { event: 'like', track: '000050' });
    expect(JSON.parse((await next(back)).data!).liked).toEqual(['000050']);
    const late = watch({ ...me, 'Last-Event-ID': revision });
    await next(late);
    expect(JSON.parse((await next(late)).data!).liked).toEqual(['000050']);
  });

  it('gets a list of the new index when the index has moved, and a sign of life, without anything being done', {
    timeout: 30_000,
  }, async () => {
    const me = visitor();
    await tell(me, { event: 'like', track: '000050' });
    const page = watch(me);
    await next(page);
    await next(page);
    const old = collection;
    collection = { ...fakeCollection(fakeTracks(60), () => ''), index: 'index-2' };
    onTestFinished(() => {
      collection = old;
    });
    expect(await next(page)).toEqual({ '': 'keep-alive' });
    const { data } = await next(page);
    expect(JSON.parse(data!)).toMatchObject({ index: 'index-2', liked: ['000050'] });
  });

  it('is refused beyond fifty', async () => {
    const me = visitor();
    for (let i = 0; i < 50; i++) await next(watch(me));
    const { status, json } = await send(dashboard.address, '/api/listeners/me/events', { headers: me });
    expect([status, json().error.code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect((await send(dashboard.address, '/api/listeners/me/events', { headers: visitor() })).status).toBe(
      200,
    );
  });

  it('must not be kept by a cache, nor held back by a server in front', async () => {
    const { headers } = await send(dashboard.address, '/api/listeners/me/events', { headers: visitor() });
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^text\/event-stream/),
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  });
});

it('beyond this machine nothing of it goes without a login', async () => {
  const open = await startDashboard({}, { HOST: '0.0.0.0', ADMIN_PASSWORD: 'correct horse battery' });
  onTestFinished(() => open.close());
  for (const [method, path] of [
    ['GET', 'recommendations'],
    ['GET', 'events'],
    ['POST', 'activity'],
    ['DELETE', 'activity'],
  ]) {
    const { status } = await send(open.address, `/api/listeners/me/${path}`, { method: method! });
    expect(status).toBe(401);
  }
});
