import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SoundalikeError } from '../../src/errors.ts';
import type { Collection } from '../../src/recommend/collection.ts';
import { fakeCollection, fakeTracks, startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

const ARROW = 'application/vnd.apache.arrow.stream';

let dashboard: TestDashboard;

beforeAll(async () => {
  dashboard = await startDashboard();
});

afterAll(() => dashboard.close());

async function get(path: string) {
  const answer = await send(dashboard.address, path);
  return { status: answer.status, body: answer.json() };
}

describe('GET /api/tracks', () => {
  it('lists the first page in the order of ids', async () => {
    const { status, body } = await get('/api/tracks');
    expect(status).toBe(200);
    expect(body).toMatchObject({ index: 'index-1', total: 120, offset: 0 });
    expect(body.tracks).toHaveLength(50);
    expect(body.tracks[0]).toMatchObject({ id: '000001', title: 'Harbour at Dusk 1' });
  });

  it('searches and pages', async () => {
    const { body } = await get('/api/tracks?query=slow%20tide&offset=10&limit=20');
    expect(body).toMatchObject({ total: 17, offset: 10 });
    expect(body.tracks).toHaveLength(7);
    expect(body.tracks.every((track: { title: string }) => track.title.startsWith('Slow Tide'))).toBe(true);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=all', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=1.5', 'offset'],
    ['query=a&query=b', 'query'],
    ['querry=a', 'querry'],
    [`query=${'x'.repeat(201)}`, 'query'],
  ])('refuses ?%s and names the parameter', async (query, named) => {
    const { status, body } = await get(`/api/tracks?${query}`);
    expect(status).toBe(400);
    expect(body.error.code).toBe('USAGE');
    expect(body.error.message).toContain(named);
  });
});

describe('a table', () => {
  const table = async (path: string) => {
    const { headers, body } = await send(dashboard.address, path, { headers: { Accept: ARROW } });
    expect(headers['content-type']).toBe(ARROW);
    expect(headers.vary).toContain('Accept');
    return tableFromIPC(body);
  };

  it.each([
    ['/api/tracks?limit=20', 'tracks'],
    ['/api/tracks/000010/similar?k=4', 'results'],
  ])('of %s comes as Arrow where that is asked for, with the same rows', async (path, rows) => {
    const { [rows]: list, ...rest } = (await get(path)).body;
    const arrow = await table(path);
    expect(arrow.toArray().map((row) => row.toJSON())).toEqual(list);
    expect(JSON.parse(arrow.schema.metadata.get('answer')!)).toEqual(rest);
  });

  it('has the same columns where it has no rows', async () => {
    const [some, none] = [await table('/api/tracks'), await table('/api/tracks?query=nothing%20like%20it')];
    expect(none.numRows).toBe(0);
    expect(none.schema.fields.map(String)).toEqual(some.schema.fields.map(String));
    expect(some.schema.fields.map(String)).toContain('seconds: Float64');
  });

  it.each(['*/*', 'application/json', `${ARROW};q=0.5, application/json`, 'text/html'])(
    'comes as JSON for Accept: %s',
    async (Accept) => {
      const { headers } = await send(dashboard.address, '/api/tracks', { headers: { Accept } });
      expect(headers['content-type']).toContain('application/json');
    },
  );
});

describe('filters', () => {
  type Shown = { genre: string; tempo: number; artist: string | null };

  it('are met by all tracks that are listed', async () => {
    const { body } = await get(
      '/api/tracks?genre=Folk&genre=Ambient&tempo=100-129.5&duration=10-12&limit=200',
    );
    expect(body.total).toBe(15);
    for (const { genre, tempo } of body.tracks as Shown[]) {
      expect(['Folk', 'Ambient']).toContain(genre);
      expect(tempo).toBeGreaterThanOrEqual(100);
      expect(tempo).toBeLessThanOrEqual(129.5);
    }
    expect((await get('/api/tracks?duration=13-99')).body.total).toBe(0);
  });

  it('are met by all neighbours', async () => {
    const { body } = await get('/api/tracks/000010/similar?k=50&genre=Folk&tempo=60-100');
    expect(body.results).toHaveLength(10);
    expect((body.results as Shown[]).every(({ genre, tempo }) => genre === 'Folk' && tempo <= 100)).toBe(
      true,
    );
    const others = await get('/api/tracks/000010/similar?k=50&genre=Electronic&other_artists=1');
    expect(others.body.query.artist).toBe('The Low Fens');
    expect(others.body.results.map(({ artist }: Shown) => artist)).toEqual([null, null, null, null]);
  });

  it.each([
    'tempo=90',
    'tempo=120-90',
    'tempo=a-b',
    'tempo=90-120&tempo=1-2',
    'duration=-5-5',
    'other_artists=yes',
  ])('refuse ?%s, naming the parameter', async (query) => {
    const { status, body } = await get(`/api/tracks/000010/similar?${query}`);
    expect(status).toBe(400);
    expect(body.error.code).toBe('USAGE');
    expect(body.error.message).toContain(query.split('=')[0]);
  });
});

describe('GET /api/similar', () => {
  const ids = (body: { results: { id: string }[] }) => body.results.map(({ id }) => id);

  it('gives what is nearest to all of several tracks, in whatever order they are given', async () => {
    const { status, body } = await get('/api/similar?id=000010&id=000014&k=3');
    expect(status).toBe(200);
    expect(body.queries.map(({ id }: { id: string }) => id)).toEqual(['000010', '000014']);
    expect(body.method).toBe('exact');
    expect(ids(body)).toEqual(['000012', '000011', '000013']);
    expect((await get('/api/similar?id=000014&id=000010&k=3')).body.results).toEqual(body.results);
  });

  it('takes one track, and filters', async () => {
    const { body } = await get('/api/similar?id=000010&k=2&genre=Folk&method=tree');
    expect(body.method).toBe('tree');
    expect(ids(body)).toEqual(['000011', '000007']);
  });

  it('refuses to search for nothing, and for a track that is not there', async () => {
    expect((await get('/api/similar')).status).toBe(400);
    expect((await get(`/api/similar?${'id=000001&'.repeat(51)}`)).status).toBe(400);
    expect((await get('/api/similar?id=000001&id=nobody')).status).toBe(404);
  });
});

describe('an aspect', () => {
  it.each(['/api/tracks/000010/similar?k=2', '/api/similar?id=000010&k=2'])(
    'is what %s compares by, over all tracks',
    async (path) => {
      const { status, body } = await get(`${path}&aspect=harmony&method=tree`);
      expect(status).toBe(200);
      expect(body.method).toBe('exact');
      expect(body.results.map(({ why }: { why: string }) => why)).toEqual([
        'near in harmony',
        'near in harmony',
      ]);
      const whole = await get(path);
      expect(whole.body.results[0].why).toBe('same tempo ±3, darker timbre');
    },
  );

  it('is refused where there is none of its name', async () => {
    expect((await get('/api/tracks/000010/similar?aspect=mood')).status).toBe(400);
  });
});

describe('GET /api/path', () => {
  it('gives the tracks in their order, each with its step', async () => {
    const { status, body } = await get('/api/path?from=000001&to=000013&steps=4');
    expect(status).toBe(200);
    const ids = body.tracks.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(['000001', '000004', '000007', '000010', '000013']);
    expect(body.tracks[0]).toMatchObject({ distance: null, why: null });
    expect(body.tracks[4]).toMatchObject({ distance: 0.5, why: 'slower by 9' });
  });

  it('takes eight steps where nothing is said, and refuses fewer than 3 and more than 20', async () => {
    expect((await get('/api/path?from=000001&to=000050')).body.tracks).toHaveLength(9);
    for (const steps of ['2', '21', '3.5']) {
      expect((await get(`/api/path?from=000001&to=000050&steps=${steps}`)).status).toBe(400);
    }
    expect((await get('/api/path?from=000001')).status).toBe(400);
    expect((await get('/api/path?from=000001&to=nobody')).status).toBe(404);
  });
});

describe('GET /api/genres', () => {
  it('counts the tracks of each', async () => {
    const { status, body } = await get('/api/genres');
    expect(status).toBe(200);
    expect(body.genres).toContainEqual({ genre: 'Folk', tracks: 30 });
    expect(body.genres).toHaveLength(4);
  });
});

describe('GET /api/tracks/:id', () => {
  it('gives the track', async () => {
    expect((await get('/api/tracks/000002')).body).toMatchObject({ id: '000002', title: 'Slow Tide 1' });
  });

  it('answers an id that is not there by 404', async () => {
    const { status, body } = await get('/api/tracks/999999');
    expect(status).toBe(404);
    expect(body.error).toEqual({ code: 'TRACK_NOT_FOUND', message: 'the index holds no track 999999' });
  });
});

describe('GET /api/tracks/:id/similar', () => {
  it('gives the nearest first, by the method asked for', async () => {
    const { status, body } = await get('/api/tracks/000010/similar?k=4&method=lsh');
    expect(status).toBe(200);
    expect(body.query.id).toBe('000010');
    expect(body.method).toBe('lsh');
    expect(body.results.map(({ id }: { id: string }) => id)).toEqual([
      '000009',
      '000011',
      '000008',
      '000012',
    ]);
  });

  it('gives ten by the exact scan where nothing is said', async () => {
    const { body } = await get('/api/tracks/000010/similar');
    expect(body.method).toBe('exact');
    expect(body.results).toHaveLength(10);
  });

  it.each(['k=0', 'k=101', 'method=best'])('refuses ?%s', async (query) => {
    expect((await get(`/api/tracks/000010/similar?${query}`)).status).toBe(400);
  });

  it('answers an id that is not there by 404', async () => {
    expect((await get('/api/tracks/nobody/similar')).status).toBe(404);
  });
});

describe('GET /api/tracks/:id/peaks', () => {
  it('gives the waveform as amplitudes from 0 to 1', async () => {
    const collection = fakeCollection(fakeTracks(3), () => '');
    const other = await startDashboard({
      collection: async () => ({ ...collection, peaks: async () => Uint8Array.of(0, 1, 128, 255) }),
    });
    const answer = await send(other.address, '/api/tracks/000001/peaks');
    await other.close();
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ peaks: [0, 0.004, 0.502, 1] });
  });

  it('answers an id that is not there by 404', async () => {
    const { status, body } = await get('/api/tracks/999999/peaks');
    expect(status).toBe(404);
    expect(body.error.code).toBe('TRACK_NOT_FOUND');
  });
});

describe('GET /api/tracks/:id/audio', () => {
  const audio = (range?: string) =>
    send(dashboard.address, '/api/tracks/000001/audio', range ? { headers: { Range: range } } : {});

  it('sends the whole file', async () => {
    const { status, headers, body } = await audio();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'audio/wav',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(body.equals(dashboard.wav)).toBe(true);
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=1000-', 1000, undefined],
    ['bytes=-500', -500, undefined],
    ['bytes=44-99999999', 44, undefined],
  ])('sends the range %s', async (range, start, end) => {
    const { status, headers, body } = await audio(range);
    const expected = dashboard.wav.subarray(start, end);
    const first = start < 0 ? dashboard.wav.length + start : start;
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(
      `bytes ${first}-${first + expected.length - 1}/${dashboard.wav.length}`,
    );
    expect(headers['content-type']).toBe('audio/wav');
    expect(body.equals(expected)).toBe(true);
  });

  it('answers a range beyond the end by 416 with the length', async () => {
    const { status, headers, json } = await audio('bytes=99999999-');
    expect(status).toBe(416);
    expect(headers['content-range']).toBe(`bytes */${dashboard.wav.length}`);
    expect(headers['content-type']).toContain('application/json');
    expect(json().error.code).toBe('USAGE');
  });

  it('answers HEAD without a body', async () => {
    const { status, headers, body } = await send(dashboard.address, '/api/tracks/000001/audio', {
      method: 'HEAD',
    });
    expect(status).toBe(200);
    expect(headers['content-length']).toBe(String(dashboard.wav.length));
    expect(body).toHaveLength(0);
  });

  it.each([
    '/api/tracks/../../../../etc/passwd/audio',
    '/api/tracks/..%2f..%2f..%2fetc%2fpasswd/audio',
    '/api/tracks/%2e%2e/audio',
    '/api/tracks/%2fetc%2fpasswd/audio',
    '/api/tracks/000001/audio/..%2f..%2fetc%2fpasswd',
  ])('finds nothing at %s', async (path) => {
    const { status, headers } = await send(dashboard.address, path);
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('application/json');
  });

  it('answers a bad escape by 400', async () => {
    expect((await send(dashboard.address, '/api/tracks/%E0%A4%A/audio')).status).toBe(400);
  });
});

describe('an audio file the collection should not have named', () => {
  it.each([
    ['page.html', 422, 'AUDIO_UNKNOWN_FORMAT'],
    ['gone.wav', 404, 'USAGE'],
  ])('%s is not sent, and its place not told', async (name, status, code) => {
    const collection = fakeCollection(fakeTracks(3), () => `${dashboard.folder}/${name}`);
    const other = await startDashboard({ collection: async () => collection });
    const answer = await send(other.address, '/api/tracks/000001/audio');
    await other.close();
    expect(answer.status).toBe(status);
    expect(answer.json().error.code).toBe(code);
    expect(answer.body.toString()).not.toContain(dashboard.folder);
  });
});

describe('a collection that is not there or changes', () => {
  it('answers by INDEX_NOT_FOUND until there is one', async () => {
    let live: Collection | null = null;
    const other = await startDashboard({
      collection: async () => {
        if (!live)
          throw new SoundalikeError('INDEX_NOT_FOUND', 'no index yet: run `soundalike run <folder>`');
        return live;
      },
    });
    const before = await send(other.address, '/api/tracks');
    live = fakeCollection(fakeTracks(3), () => '');
    const after = await send(other.address, '/api/tracks');
    await other.close();
    expect(before.status).toBe(404);
    expect(before.json().error.code).toBe('INDEX_NOT_FOUND');
    expect(after.json().total).toBe(3);
  });
});
