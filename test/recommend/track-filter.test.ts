import { tableFromIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { rangeSchema, trackFilters } from '../../src/recommend/track-filter.ts';
import type { TrackFilter } from '../../src/search/meeting-rows.ts';
import { createRandom } from '../../src/search/random.ts';
import { hasRow, rowSetOf } from '../../src/search/row-set.ts';
import { inlinePool } from '../../src/search/search-pool.ts';
import { decodeTracks, encodeTracks, type SegmentTrack } from '../../src/search/segment-tracks.ts';

const ROWS = 500;
const GENRES = ['Rock', 'Folk', 'Hip-Hop', 'Música', null];
const random = createRandom(1);
const pick = <Value>(values: readonly Value[]) => values[Math.floor(random.uniform() * values.length)]!;
const tracks: SegmentTrack[] = Array.from({ length: ROWS }, (_, i) => ({
  id: String(i).padStart(6, '0'),
  title: null,
  artist: pick(['Ana', 'ana', 'Bo & Co.', null]),
  album: null,
  genre: pick(GENRES),
  path: `${i}.mp3`,
  seconds: 10 + 300 * random.uniform(),
  tempo: i % 9 === 0 ? null : Math.fround(60 + 120 * random.uniform()),
}));

const tableOf = (shown: SegmentTrack[]) =>
  decodeTracks(tableFromIPC(encodeTracks(shown, new Uint32Array(shown.length))));

function open(shown: SegmentTrack[]) {
  const list = { end: shown.length, rowAt: (_place: number, row: number) => row };
  return trackFilters([{ segment: { tracks: tableOf(shown) }, rows: null }], list, inlinePool);
}
const filters = open(tracks);

describe('the rows of a filter are the tracks that meet it', () => {
  test.each<[string, TrackFilter, (track: SegmentTrack) => boolean]>([
    ['a genre', { genre: ['Folk'] }, ({ genre }) => genre === 'Folk'],
    ['a genre in another spelling', { genre: ['HIP hop'] }, ({ genre }) => genre === 'Hip-Hop'],
    ['a genre without its accent', { genre: ['musica'] }, ({ genre }) => genre === 'Música'],
    ['two genres', { genre: ['Rock', 'Folk'] }, ({ genre }) => genre === 'Rock' || genre === 'Folk'],
    ['a tempo', { tempo: [90, 120] }, ({ tempo }) => tempo !== null && tempo >= 90 && tempo <= 120],
    ['any tempo at all', { tempo: [0, 1e9] }, ({ tempo }) => tempo !== null],
    ['a duration', { seconds: [60, 61.5] }, ({ seconds }) => seconds >= 60 && seconds <= 61.5],
    ['an artist', { excludeArtists: ['Ana'] }, ({ artist }) => artist !== 'Ana'],
    ['artists, one unknown', { excludeArtists: ['ana', 'X'] }, ({ artist }) => artist !== 'ana'],
    [
      'all of it',
      { genre: ['Rock'], tempo: [80, 150], seconds: [20, 200], excludeArtists: ['Ana', 'ana'] },
      ({ genre, tempo, seconds, artist }) =>
        genre === 'Rock' &&
        tempo !== null &&
        tempo >= 80 &&
        tempo <= 150 &&
        seconds >= 20 &&
        seconds <= 200 &&
        artist !== 'Ana' &&
        artist !== 'ana',
    ],
    ['a tempo that none has', { tempo: [1, 2] }, () => false],
  ])('%s', async (_, filter, meets) => {
    const set = (await filters.rowsOf(filter))!;
    const expected = tracks.map(meets);
    expect(tracks.map((_, row) => hasRow(set, row))).toEqual(expected);
    expect(set.count).toBe(expected.filter(Boolean).length);
  });
});

test('several segments count as one, without what is deleted', async () => {
  // The second one's numbers begin at a multiple of 32.
  const [FIRST, BEGIN] = [200, 224];
  const deleted = new Set([3, FIRST + 7]);
  const parts = [tracks.slice(0, FIRST), tracks.slice(FIRST)];
  const several = trackFilters(
    parts.map((part, place) => ({
      segment: { tracks: tableOf(part) },
      rows: { live: rowSetOf(part.length, (row) => !deleted.has(place * FIRST + row)) },
    })),
    { end: ROWS + BEGIN - FIRST, rowAt: (place, row) => place * BEGIN + row },
    inlinePool,
  );
  const live = tracks.filter((_, row) => !deleted.has(row));
  for (const { genre, tracks: count } of await several.genres()) {
    expect(count).toBe(live.filter((track) => track.genre === genre).length);
  }
  const set = (await several.rowsOf({ genre: ['Rock'], excludeArtists: ['Ana'] }))!;
  const expected = tracks.map(
    ({ genre, artist }, row) => genre === 'Rock' && artist !== 'Ana' && !deleted.has(row),
  );
  expect(tracks.map((_, row) => hasRow(set, row < FIRST ? row : row + BEGIN - FIRST))).toEqual(expected);
  expect(set.count).toBe(expected.filter(Boolean).length);
});

test('nothing asked for is no filter', async () => {
  expect(await filters.rowsOf({})).toBeUndefined();
  expect(await filters.rowsOf({ genre: [], excludeArtists: [], tempo: undefined })).toBeUndefined();
});

test('the rows of the filters last asked for are kept', async () => {
  const first = await filters.rowsOf({ genre: ['Rock', 'Folk'] });
  expect(await filters.rowsOf({ genre: ['Folk', 'Rock'] })).toBe(first);
  for (let i = 0; i < 15; i++) await filters.rowsOf({ tempo: [i, 100] });
  expect(await filters.rowsOf({ genre: ['Rock', 'Folk'] })).toBe(first);
  for (let i = 0; i < 16; i++) await filters.rowsOf({ tempo: [i, 101] });
  const again = await filters.rowsOf({ genre: ['Rock', 'Folk'] });
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
});

test('genres are counted, the largest first', async () => {
  const genres = await filters.genres();
  expect(genres.map(({ genre }) => genre).sort()).toEqual(['Folk', 'Hip-Hop', 'Música', 'Rock']);
  for (const { genre, tracks: count } of genres) {
    expect(count).toBe(tracks.filter((track) => track.genre === genre).length);
  }
  expect(genres.map(({ tracks: count }) => count)).toEqual(
    genres.map(({ tracks: count }) => count).sort((a, b) => b - a),
  );
});

test('an unknown genre is refused with those that there are', async () => {
  await expect(filters.rowsOf({ genre: ['Rock', 'Polka'] })).rejects.toMatchObject({
    code: 'GENRE_UNKNOWN',
    message: expect.stringMatching(/"Polka".*Rock/),
  });
  const without = open(tracks.slice(0, 3).map((track) => ({ ...track, genre: null, artist: null })));
  expect(await without.genres()).toEqual([]);
  expect((await without.rowsOf({ excludeArtists: ['Ana'] }))!.count).toBe(3);
  await expect(without.rowsOf({ genre: ['Rock'] })).rejects.toMatchObject({ code: 'GENRE_UNKNOWN' });
});

test('a range is two numbers in their order', () => {
  expect(rangeSchema.parse('90-120.5')).toEqual([90, 120.5]);
  for (const text of ['', '90', '90-', '-5-5', 'a-b', '120-90', '1-2-3', '1e3-2e3']) {
    expect(rangeSchema.safeParse(text).success).toBe(false);
  }
});
