import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlaylists } from '../../src/store/playlists.ts';
import { memoryDocuments } from '../support/memory-documents.ts';
import { startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

const PLAYLISTS = '/api/listeners/me/playlists';

let dashboard: TestDashboard;

beforeAll(async () => {
  dashboard = await startDashboard();
});

afterAll(() => dashboard.close());

/** A browser of its own: keeps the cookie that its first answer sets. */
function browser() {
  let cookie: string | undefined;
  return async (method: string, path: string, body?: unknown) => {
    const answer = await send(dashboard.address, path, {
      method,
      headers: {
        ...(cookie && { Cookie: cookie }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    cookie ??= answer.headers['set-cookie']?.[0]?.split(';')[0];
    return answer;
  };
}

describe('a playlist', () => {
  it('is made, added to, put in order, renamed and deleted', async () => {
    const ask = browser();
    const made = (await ask('POST', PLAYLISTS, { name: ' Evening ', tracks: ['000002', '000001'] })).json();
    expect(made).toMatchObject({ name: 'Evening', revision: 1, missing: [] });
    expect(made.tracks.map(({ title }: { title: string }) => title)).toEqual([
      'Slow Tide 1',
      'Harbour at Dusk 1',
    ]);
    const one = `${PLAYLISTS}/${made.id}`;

    const added = (await ask('POST', `${one}/tracks`, { tracks: ['000002'] })).json();
    expect(added).toMatchObject({
      revision: 2,
      tracks: [{ id: '000002' }, { id: '000001' }, { id: '000002' }],
    });
    const changed = await ask('PUT', one, { revision: 2, name: 'Night', tracks: ['000001', '000002'] });
    expect(changed.json()).toMatchObject({ name: 'Night', tracks: [{ id: '000001' }, { id: '000002' }] });
    expect((await ask('GET', one)).json()).toEqual(changed.json());
    expect((await ask('GET', PLAYLISTS)).json().playlists).toEqual([
      { id: made.id, name: 'Night', revision: 3, length: 2, changedAt: changed.json().changedAt },
    ]);
    expect((await ask('DELETE', one)).status).toBe(200);
    expect((await ask('GET', PLAYLISTS)).json().playlists).toEqual([]);
    expect((await ask('DELETE', one)).status).toBe(404);
  });

  it('is not changed by a page that has not seen the last change', async () => {
    const ask = browser();
    const { id } = (await ask('POST', PLAYLISTS, { name: 'Two pages' })).json();
    await ask('PUT', `${PLAYLISTS}/${id}`, { revision: 1, tracks: ['000001'] });
    const late = await ask('PUT', `${PLAYLISTS}/${id}`, { revision: 1, tracks: [] });
    expect(late.status).toBe(409);
    expect(late.json().error.code).toBe('PLAYLIST_CHANGED');
    expect((await ask('GET', `${PLAYLISTS}/${id}`)).json().tracks).toHaveLength(1);
  });

  it('loses nothing of what is added at the same time', async () => {
    const ask = browser();
    const { id } = (await ask('POST', PLAYLISTS, { name: 'All at once' })).json();
    const tracks = Array.from({ length: 20 }, (_, i) => String(i + 1).padStart(6, '0'));
    await Promise.all(tracks.map((track) => ask('POST', `${PLAYLISTS}/${id}/tracks`, { tracks: [track] })));
    const kept = (await ask('GET', `${PLAYLISTS}/${id}`)).json();
    expect(kept.tracks.map((track: { id: string }) => track.id).sort()).toEqual(tracks);
    expect(kept.revision).toBe(21);
  });

  it('belongs to one listener: others neither see it nor change it', async () => {
    const [mine, other] = [browser(), browser()];
    const { id } = (await mine('POST', PLAYLISTS, { name: 'Mine', tracks: ['000001'] })).json();
    const one = `${PLAYLISTS}/${id}`;
    expect((await other('GET', PLAYLISTS)).json().playlists).toEqual([]);
    const attempts = [
      await other('GET', one),
      await other('PUT', one, { revision: 1, name: 'Theirs' }),
      await other('POST', `${one}/tracks`, { tracks: ['000002'] }),
      await other('GET', `${one}/m3u8`),
      await other('GET', `${one}/jspf`),
      await other('DELETE', one),
    ];
    for (const { status, json } of attempts) {
      expect(status).toBe(404);
      expect(json().error.code).toBe('PLAYLIST_NOT_FOUND');
    }
    expect((await mine('GET', one)).json()).toMatchObject({ name: 'Mine', revision: 1 });
  });

  it('is not changed by a page of another site', async () => {
    const { status, json } = await send(dashboard.address, PLAYLISTS, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'http://elsewhere.example' },
      body: JSON.stringify({ name: 'Planted' }),
    });
    expect(status).toBe(403);
    expect(json().error.code).toBe('REQUEST_REFUSED');
  });

  it.each([
    { name: '' },
    { name: 'x'.repeat(201) },
    { name: { $ne: null } },
    { name: 'x', tracks: [{ $gt: '' }] },
    { name: 'x', tracks: Array(5_001).fill('000001') },
    { name: 'x', listener: 'a'.repeat(64) },
  ])('is not made of %j', async (body) => {
    expect((await browser()('POST', PLAYLISTS, body)).status).toBe(400);
  });

  it('holds 5,000 tracks and no more', async () => {
    const ask = browser();
    const tracks = Array(4_999).fill('000001');
    const { id } = (await ask('POST', PLAYLISTS, { name: 'Long', tracks })).json();
    expect((await ask('POST', `${PLAYLISTS}/${id}/tracks`, { tracks: ['000002'] })).status).toBe(200);
    const beyond = await ask('POST', `${PLAYLISTS}/${id}/tracks`, { tracks: ['000002'] });
    expect(beyond.status).toBe(409);
    expect(beyond.json().error.code).toBe('PLAYLIST_LIMIT');
  });

  it('keeps tracks that have left the index, and says which', async () => {
    const playlists = openPlaylists(memoryDocuments());
    const { id } = await playlists.create('me', 'Old', ['000001', 'gone', '000002']);
    const other = await startDashboard({ playlists: { ...playlists, find: () => playlists.find('me', id) } });
    const answer = (await send(other.address, `${PLAYLISTS}/${id}`)).json();
    const file = (await send(other.address, `${PLAYLISTS}/${id}/m3u8`)).body.toString();
    await other.close();
    expect(answer.missing).toEqual(['gone']);
    expect(answer.tracks).toHaveLength(2);
    expect(file.match(/#EXTINF/g)).toHaveLength(2);
  });

  it('one listener has 200 and no more', async () => {
    const playlists = openPlaylists(memoryDocuments());
    for (let i = 0; i < 200; i++) await playlists.create('me', `${i}`, []);
    await expect(playlists.create('me', 'one more', [])).rejects.toMatchObject({ code: 'PLAYLIST_LIMIT' });
    await playlists.create('somebody else', 'one', []);
  });
});

describe('a playlist as a file', () => {
  it('comes as M3U8 with paths, or with addresses that play', async () => {
    const ask = browser();
    const { id } = (await ask('POST', PLAYLISTS, { name: 'Été / "1"', tracks: ['000002', '000007'] })).json();
    const files = await ask('GET', `${PLAYLISTS}/${id}/m3u8`);
    expect(files.headers['content-type']).toBe('audio/x-mpegurl; charset=utf-8');
    expect(files.headers['content-disposition']).toBe(
      `attachment; filename="?t? - \\"1\\".m3u8"; filename*=UTF-8''%C3%89t%C3%A9%20-%20%221%22.m3u8`,
    );
    expect(files.body.toString()).toBe(
      '#EXTM3U\n#PLAYLIST:Été / "1"\n#EXTINF:12,The Low Fens - Slow Tide 1\n001/take 2.wav\n#EXTINF:12,take 7.wav\n002/take 7.wav\n',
    );
    const streams = (await ask('GET', `${PLAYLISTS}/${id}/m3u8?links=streams`)).body.toString();
    const [address] = streams.split('\n').filter((line) => line.startsWith('http'));
    const audio = await send(dashboard.address, new URL(address!).pathname);
    expect(audio.body.equals(dashboard.wav)).toBe(true);
  });

  it('comes as JSPF', async () => {
    const ask = browser();
    const { id } = (await ask('POST', PLAYLISTS, { name: 'Evening', tracks: ['000001'] })).json();
    const { headers, json } = await ask('GET', `${PLAYLISTS}/${id}/jspf`);
    expect(headers['content-type']).toBe('application/jspf+json; charset=utf-8');
    expect(json().playlist).toMatchObject({
      title: 'Evening',
      track: [
        { location: ['000/take 1.wav'], creator: 'Mara Lindqvist', album: 'Field Notes', duration: 12_000 },
      ],
    });
  });

  it('is imported: what is known in its order, what is not is told', async () => {
    const ask = browser();
    const m3u = '#EXTM3U\n#PLAYLIST:Road\n003/take 4.wav\nhttp://h/api/tracks/000001/audio\nno/such.mp3\n';
    const { playlist, unknown } = (await ask('POST', `${PLAYLISTS}/import`, { m3u })).json();
    expect(playlist).toMatchObject({ name: 'Road', tracks: [{ id: '000004' }, { id: '000001' }] });
    expect(unknown).toEqual(['no/such.mp3']);
    // What was exported comes back the same.
    const file = (await ask('GET', `${PLAYLISTS}/${playlist.id}/m3u8`)).body.toString();
    const again = (await ask('POST', `${PLAYLISTS}/import`, { m3u: file, name: 'Again' })).json();
    expect(again).toMatchObject({ playlist: { name: 'Again', tracks: playlist.tracks }, unknown: [] });
  });
});
