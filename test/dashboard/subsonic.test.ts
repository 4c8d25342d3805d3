import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Element } from '../../src/dashboard/subsonic/answer.ts';
import { toXml } from '../../src/dashboard/subsonic/answer.ts';
import { fakeListeners } from './fake-listeners.ts';
import { fakeCollection, fakeTracks, startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

const PASSWORD = 'sesame open wide'.replaceAll(' ', '-');
const SETTINGS = { SUBSONIC_USERS: `ada:${PASSWORD}, bob:another-long-one` };
const SALT = 'c19b2d';
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const TOKEN = { u: 'ada', t: md5(PASSWORD + SALT), s: SALT };

async function start(...given: Parameters<typeof startDashboard>): Promise<TestDashboard> {
  const dashboard = await startDashboard(...given);
  onTestFinished(() => dashboard.close());
  return dashboard;
}

type Answer = Element & { status: string; error?: { code: number; message: string } };

async function ask(
  { address }: TestDashboard,
  command: string,
  parameters: Record<string, string> = {},
): Promise<ReturnType<typeof JSON.parse> & Answer> {
  const query = new URLSearchParams({ v: '1.16.1', c: 'test', f: 'json', ...parameters });
  const answer = await send(address, `/rest/${command}?${query}`);
  return answer.json()['subsonic-response'];
}

const local = () => start();

describe('who may use it', () => {
  it.each([
    ['token and salt', TOKEN],
    ['a password', { u: 'ada', p: PASSWORD }],
    ['a password in hexadecimal', { u: 'ada', p: `enc:${Buffer.from(PASSWORD).toString('hex')}` }],
    ['the password as API key', { apiKey: PASSWORD }],
  ])('a user with %s', async (_name, credentials) => {
    const dashboard = await start({}, SETTINGS);
    expect(await ask(dashboard, 'ping.view', credentials)).toEqual({
      status: 'ok',
      version: '1.16.1',
      type: 'soundalike',
      serverVersion: '0.1.0',
      openSubsonic: true,
    });
  });

  it.each([
    ['a wrong token', { ...TOKEN, t: md5(`wrong${SALT}`) }, 40],
    ["another user's password", { u: 'bob', p: PASSWORD }, 40],
    ['an unknown user', { u: 'eve', p: PASSWORD }, 40],
    ['an unknown user without a password', { u: 'eve', p: '' }, 40],
    ['no password', { u: 'ada' }, 10],
    ['nothing', {}, 10],
    ['a wrong API key', { apiKey: 'x' }, 44],
    ['two ways at once', { ...TOKEN, apiKey: PASSWORD }, 43],
  ])('nobody with %s', async (_name, credentials, code) => {
    const dashboard = await start({}, SETTINGS);
    for (const command of ['getSong', 'stream', 'scrobble', 'getCoverArt']) {
      const { status, error } = await ask(dashboard, command, { ...credentials, id: '000001' });
      expect([status, error!.code]).toEqual(['failed', code]);
    }
  });

  it('asks nobody for a password who has guessed too often', async () => {
    const dashboard = await start({}, { ...SETTINGS, LOGINS_PER_MINUTE: '3' });
    for (let guess = 0; guess < 3; guess++) await ask(dashboard, 'ping', { u: 'ada', p: `guess ${guess}` });
    const { error } = await ask(dashboard, 'ping', TOKEN);
    expect(error).toMatchObject({ code: 40, message: expect.stringContaining('too many') });
  });

  it('is everybody on this machine alone, and nobody beyond it without users', async () => {
    expect((await ask(await local(), 'ping', { u: 'me', p: 'any' })).status).toBe('ok');
    const open = await start({}, { HOST: '0.0.0.0', ADMIN_PASSWORD: 'correct horse battery' });
    expect((await send(open.address, '/rest/ping')).status).toBe(404);
    const users = { ...SETTINGS, HOST: '0.0.0.0', ADMIN_PASSWORD: 'correct horse battery' };
    const dashboard = await start({}, users);
    expect((await ask(dashboard, 'getArtists', TOKEN)).status).toBe('ok');
    expect((await ask(dashboard, 'getArtists')).status).toBe('failed');
  });

  it('is no page of another site', async () => {
    const { address } = await local();
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    expect((await send(address, '/rest/scrobble?id=000001', { headers })).status).toBe(403);
  });
});

describe('browsing', () => {
  it('leads from artists by albums to songs', async () => {
    const dashboard = await local();
    const { artists } = await ask(dashboard, 'getArtists');
    const names = artists.index.map(({ name, artist }: Answer) => [name, artist]);
    expect(names.map(([letter]: [string]) => letter)).toEqual(['I', 'M', 'O', 'T', '#']);
    const { indexes } = await ask(dashboard, 'getIndexes');
    expect(indexes.index).toEqual(artists.index);

    const mara = artists.index.find(({ name }: Answer) => name === 'M').artist[0];
    const { artist } = await ask(dashboard, 'getArtist', { id: mara.id });
    expect(artist).toMatchObject({ name: 'Mara Lindqvist', albumCount: 2 });
    const [album] = artist.album;
    const opened = (await ask(dashboard, 'getAlbum', { id: album.id })).album;
    expect(opened).toMatchObject(album);
    expect(opened.song).toHaveLength(album.songCount);
    for (const song of opened.song) {
      expect(song).toMatchObject({ albumId: album.id, artistId: mara.id, isDir: false, suffix: 'wav' });
      expect((await ask(dashboard, 'getSong', { id: song.id })).song).toEqual(song);
    }
    const folder = (await ask(dashboard, 'getMusicDirectory', { id: mara.id })).directory;
    expect(folder.child.map(({ id }: Answer) => id)).toEqual(artist.album.map(({ id }: Answer) => id));
    const songs = (await ask(dashboard, 'getMusicDirectory', { id: album.id })).directory.child;
    expect(songs).toEqual(opened.song);
  });

  it('has every track in one album of one artist', async () => {
    const dashboard = await local();
    const { albumList2 } = await ask(dashboard, 'getAlbumList2', { type: 'alphabeticalByName', size: '500' });
    const albums = await Promise.all(
      albumList2.album.map(({ id }: { id: string }) => ask(dashboard, 'getAlbum', { id })),
    );
    const ids = albums.flatMap(({ album }) => album.song.map(({ id }: Answer) => id));
    expect(ids.sort()).toEqual(fakeTracks(120).map(({ id }) => id));
  });

  it('lists by genre, and at random without repeating', async () => {
    const dashboard = await local();
    const { genres } = await ask(dashboard, 'getGenres');
    expect(genres.genre[0]).toMatchObject({ value: 'Ambient', songCount: 30 });
    const { songsByGenre } = await ask(dashboard, 'getSongsByGenre', {
      genre: 'Folk',
      count: '4',
      offset: '2',
    });
    expect(songsByGenre.song.map(({ id }: Answer) => id)).toEqual(['000011', '000015', '000019', '000023']);
    const { randomSongs } = await ask(dashboard, 'getRandomSongs', { size: '500', genre: 'Folk' });
    expect(new Set(randomSongs.song.map(({ id }: Answer) => id)).size).toBe(30);
    const random = (await ask(dashboard, 'getAlbumList2', { type: 'random', size: '3' })).albumList2.album;
    expect(new Set(random.map(({ id }: Answer) => id)).size).toBe(3);
    expect((await ask(dashboard, 'getAlbumList2', { type: 'starred' })).albumList2.album).toEqual([]);
  });

  it('searches artists, albums and songs, and gives all of them for ""', async () => {
    const dashboard = await local();
    const found = (await ask(dashboard, 'search3', { query: 'ikue' })).searchResult3;
    expect(found.artist).toMatchObject([{ name: 'Ikue & Sons' }]);
    expect(found.song).toHaveLength(20);
    expect(found.song[0]).toMatchObject({ artist: 'Ikue & Sons' });
    const everything = { query: '""', songCount: '50', songOffset: '100', artistCount: '0', albumCount: '2' };
    const page = (await ask(dashboard, 'search3', everything)).searchResult3;
    expect([page.artist.length, page.album.length, page.song.length]).toEqual([0, 2, 20]);
  });

  it.each([
    ['getSong', { id: 'nobody' }, 70],
    ['getAlbum', { id: 'al-0' }, 70],
    ['getArtist', { id: '__proto__' }, 70],
    ['getMusicDirectory', { id: '../..' }, 70],
    ['stream', { id: '../../etc/passwd' }, 70],
    ['getSimilarSongs2', { id: 'ar-0' }, 70],
    ['getSong', {}, 10],
    ['search3', {}, 10],
    ['getRandomSongs', { size: 'many' }, 0],
    ['constructor', {}, 0],
  ])('answers %s of %j by an error', async (command, parameters: Record<string, string>, code) => {
    const dashboard = await local();
    const { status, error } = await ask(dashboard, command, parameters);
    expect([status, error!.code]).toEqual(['failed', code]);
    expect(dashboard.faults).toEqual([]);
  });

  it('tells nothing of a fault of its own', async () => {
    const dashboard = await start({ collection: () => Promise.reject(new Error('/secret/path')) });
    const { error } = await ask(dashboard, 'getGenres');
    expect(error).toMatchObject({ code: 0, message: expect.not.stringContaining('secret') });
    expect(dashboard.faults).toHaveLength(1);
  });
});

describe('listening', () => {
  it('streams a file whole and in parts, and downloads it under its name', async () => {
    const dashboard = await local();
    const whole = await send(dashboard.address, '/rest/stream.view?id=000001');
    expect([whole.status, whole.headers['content-type']]).toEqual([200, 'audio/wav']);
    expect(whole.body.equals(dashboard.wav)).toBe(true);
    const headers = { Range: 'bytes=10-19' };
    const part = await send(dashboard.address, '/rest/stream?id=000001&maxBitRate=128', { headers });
    expect(part.status).toBe(206);
    expect(part.body).toEqual(dashboard.wav.subarray(10, 20));
    const file = await send(dashboard.address, '/rest/download?id=000001');
    expect(file.headers['content-disposition']).toBe('attachment; filename="take 1.wav"');
  });

  it('has no pictures', async () => {
    const { address } = await local();
    const { status, body } = await send(address, '/rest/getCoverArt?id=000001');
    expect(status).toBe(404);
    expect(String(body)).toContain('<error code="70"');
  });

  it('tells what was played, of each user apart', async () => {
    const listeners = fakeListeners(async () => fakeCollection(fakeTracks(4), () => ''));
    const record = vi.spyOn(listeners, 'record');
    const dashboard = await start({ listeners }, SETTINGS);
    const query = new URLSearchParams({ ...TOKEN, f: 'json' });
    await send(dashboard.address, `/rest/scrobble?${query}&id=000001&id=000002`);
    await send(dashboard.address, `/rest/scrobble?${query}&id=000003&submission=false`);
    await ask(dashboard, 'scrobble', { apiKey: 'another-long-one', id: '000004' });
    const told = record.mock.calls.map(([listener, event]) => ({ listener, ...event }));
    expect(told).toMatchObject([
      { action: 'complete', track: '000001' },
      { action: 'complete', track: '000002' },
      { action: 'play', track: '000003' },
      { action: 'complete', track: '000004' },
    ]);
    const ids = told.map(({ listener }) => listener);
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(ids[3]).not.toBe(ids[0]);
    expect((await ask(dashboard, 'scrobble', { ...TOKEN, id: 'nobody' })).error!.code).toBe(70);
  });
});

describe('what sounds alike', () => {
  it('answers a track with similarities, as sonicSimilarity has it', async () => {
    const dashboard = await local();
    const { openSubsonicExtensions } = await ask(dashboard, 'getOpenSubsonicExtensions');
    expect(openSubsonicExtensions).toContainEqual({ name: 'sonicSimilarity', versions: [1] });
    const { sonicMatch } = await ask(dashboard, 'getSonicSimilarTracks', { id: '000010', count: '3' });
    expect(sonicMatch.map(({ entry }: Answer) => (entry as Element).id)).toEqual([
      '000009',
      '000011',
      '000008',
    ]);
    expect(sonicMatch[0].similarity).toBeCloseTo(1 / (1 + 1 / 8));
    expect(sonicMatch[0].entry).toEqual((await ask(dashboard, 'getSong', { id: '000009' })).song);
  });

  it('finds a path with both ends, of no more tracks than asked for', async () => {
    const dashboard = await local();
    const ends = { startSongId: '000010', endSongId: '000050' };
    const { sonicMatch } = await ask(dashboard, 'findSonicPath', { ...ends, count: '9' });
    const ids = sonicMatch.map(({ entry }: Answer) => Number((entry as Element).id));
    expect(ids).toHaveLength(9);
    expect([ids[0], ids.at(-1)]).toEqual([10, 50]);
    // The tracks of the fake are a line.
    expect(ids).toEqual(ids.toSorted((a: number, b: number) => a - b));
    const same = await ask(dashboard, 'findSonicPath', { startSongId: '000010', endSongId: '000010' });
    expect(same.sonicMatch).toHaveLength(1);
  });

  it('takes songs, albums and artists as seeds', async () => {
    const dashboard = await local();
    const { song } = await ask(dashboard, 'getSong', { id: '000010' });
    for (const id of [song.id, song.albumId, song.artistId]) {
      const { similarSongs } = await ask(dashboard, 'getSimilarSongs', { id, count: '5' });
      expect(similarSongs.song).toHaveLength(5);
      const { similarSongs2 } = await ask(dashboard, 'getSimilarSongs2', { id, count: '5' });
      expect(similarSongs2.song).toEqual(similarSongs.song);
    }
  });
});

describe('XML', () => {
  it('has scalars as attributes, lists as elements and `value` as text', () => {
    const genre = [{ songCount: 2, value: 'R&B <live>' }];
    expect(toXml({ status: 'ok', genres: { genre }, versions: [1, 2], left: undefined })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<subsonic-response xmlns="http://subsonic.org/restapi" status="ok"><genres>' +
        '<genre songCount="2">R&amp;B &lt;live&gt;</genre></genres>' +
        '<versions>1</versions><versions>2</versions></subsonic-response>\n',
    );
  });

  it('cannot be broken by what tags hold', async () => {
    const tracks = fakeTracks(1);
    const title = "\"><x a='1'/>\0\u0008\ud800 &amp;\n]]>\u{1f3b5}";
    const collection = fakeCollection([{ ...tracks[0]!, title }], () => '');
    const dashboard = await start({ collection: async () => collection });
    const { headers, body } = await send(dashboard.address, '/rest/getSong?id=000001');
    expect(headers['content-type']).toContain('application/xml');
    expect(String(body)).toContain(
      'title="&quot;&gt;&lt;x a=\'1\'/&gt;\ufffd\ufffd\ufffd &amp;amp;&#10;]]&gt;\u{1f3b5}"',
    );
  });
});

/** As test/oracle/subsonic_client.py recorded them: with credentials, in the order they were sent. */
it('answers all requests of py-opensonic 10.4.1', async () => {
  const file = new URL('../fixtures/dashboard/py-opensonic.json', import.meta.url);
  const requests: { method: string; path: string; body: string }[] = JSON.parse(await readFile(file, 'utf8'));
  expect(requests.length).toBeGreaterThan(20);
  const dashboard = await start({}, SETTINGS);
  for (const { method, path, body } of requests) {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await send(dashboard.address, path, { method, headers, body });
    const where = `${path} ${body}`;
    expect(answer.status, where).toBe(200);
    if (/\/(stream|download)/.test(path)) expect(answer.body.equals(dashboard.wav), where).toBe(true);
    else expect(answer.json()['subsonic-response'].status, where).toBe('ok');
  }
});
