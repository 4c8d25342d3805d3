import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PRESETS } from '../../src/audio/descriptors.ts';
import { soundLayoutOf } from '../../src/search/aspects.ts';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { dimensionOf } from '../../src/search/feature-vector.ts';
import { countGenres, meetingRows } from '../../src/search/meeting-rows.ts';
import { openSegmentAside } from '../../src/search/open-segment-aside.ts';
import { rowsOfPaths } from '../../src/search/path-rows.ts';
import { createRandom } from '../../src/search/random.ts';
import { searchSegment } from '../../src/search/search.ts';
import { createSearchPool, inlinePool } from '../../src/search/search-pool.ts';
import { openSegment, type Segment } from '../../src/search/segment.ts';
import { buildSegment } from '../../src/search/segment-build.ts';
import { listSegments } from '../../src/search/segment-list.ts';
import { approxSimilarityJoin } from '../../src/search/similarity-join.ts';
import { rowsWithWords } from '../../src/search/text-rows.ts';
import { musicLikeVectors } from './music-like.ts';

/** The matrix is of five blocks. */
const [ROWS, DIMENSION] = [3000, 24];
const METHODS = ['exact', 'lsh', 'tree'] as const;
const vectors = musicLikeVectors(ROWS, DIMENSION, 8);
const soundLayout = soundLayoutOf(PRESETS.default);
const width = dimensionOf(soundLayout.whole);
const raws = Array.from({ length: ROWS }, (_, i) =>
  Float32Array.from({ length: width }, (_, j) => ((i * 31 + j * 17) % 101) / 101),
);

let folder: string;
let id: string;
let whole: Segment;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-'));
  const encoded = buildSegment({
    tracks: Array.from({ length: ROWS }, (_, i) => ({
      id: String(i).padStart(6, '0'),
      title: i % 7 ? `Título ${i}` : null,
      artist: i % 3 ? `Artist ${i >> 1}` : null,
      album: null,
      genre: i % 5 ? 'Rock' : null,
      path: `folder ${i >> 5}/${i}.mp3`,
      seconds: i,
      tempo: i % 2 ? i : null,
    })),
    vectors,
    layout: [{ column: 'mfcc_mean', bands: DIMENSION, weight: 1 }],
    scaling: { mean: new Array(DIMENSION).fill(0), deviation: new Array(DIMENSION).fill(1) },
    sounds: { raws, layout: soundLayout },
    featureVersion: '1',
  });
  id = encoded.id;
  mkdirSync(join(folder, id));
  for (const { name, bytes } of encoded.files) writeFileSync(join(folder, id, name), bytes);
  whole = openSegment(join(folder, id));
});
afterAll(() => rmSync(folder, { recursive: true }));

let copies = 0;
/** A folder of the segment that a test may change. */
function copy(change: (name: string, bytes: Buffer) => Buffer | undefined): string {
  const path = join(folder, `copy ${copies++}`, id);
  mkdirSync(path, { recursive: true });
  for (const name of [...Object.keys(whole.header.files), 'header.json']) {
    const bytes = readFileSync(join(folder, id, name));
    writeFileSync(join(path, name), change(name, bytes) ?? bytes);
  }
  return path;
}

const open = (path = join(folder, id)) => openSegmentAside(path, inlinePool);
const queryOf = (row: number) => vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION);
/** Of many megabytes Vitest's own comparison would take long. */
const same = (a: ArrayBufferView, b: ArrayBufferView) =>
  Buffer.compare(
    Buffer.from(a.buffer, a.byteOffset, a.byteLength),
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  ) === 0;

describe('a segment of which rows are read when they are needed', () => {
  test('has nothing of its matrix before, and all after a scan', async () => {
    const segment = await open();
    const middle = segment.vectors.subarray(30_000, 40_000);
    expect(middle.every((value) => value === 0)).toBe(true);
    searchSegment(segment, queryOf(0), { k: 1, method: 'exact' });
    expect(same(segment.vectors, whole.vectors)).toBe(true);
  });

  test.each(METHODS)('answers by %s as one that was read whole', async (method) => {
    const segment = await open();
    for (let row = 0; row < ROWS; row += 211) {
      const search = { k: 5, method, excludeRows: [row] };
      expect(searchSegment(segment, queryOf(row), search)).toEqual(
        searchSegment(whole, queryOf(row), search),
      );
    }
  });

  test('tells each track, finds its id and its words', async () => {
    // Each on a segment of its own, of which nothing else was looked at before.
    for (const row of [0, 1, 1499, ROWS - 1]) {
      expect((await open()).tracks.track(row)).toEqual(whole.tracks.track(row));
      expect((await open()).tracks.artistOf(row)).toBe(whole.tracks.artistOf(row));
      expect((await open()).tracks.rowOf(String(row).padStart(6, '0'))).toBe(row);
    }
    const { columns } = (await open()).tracks;
    expect(countGenres(columns)).toEqual(new Map([['Rock', 2400]]));
    for (const filter of [
      { genre: ['rock'] },
      { seconds: [9, 99] as [number, number] },
      { excludeArtists: ['Artist 7'] },
    ]) {
      const meeting = meetingRows((await open()).tracks.columns, filter);
      expect(meeting).toEqual(meetingRows(whole.tracks.columns, filter));
      expect(meeting.count).toBeGreaterThan(0);
    }
    const words = ['titulo', '2999'];
    expect(rowsWithWords((await open()).tracks.texts, words, 0, 9)).toEqual(
      rowsWithWords(whole.tracks.texts, words, 0, 9),
    );
    const paths = ['folder 2/70.mp3', 'folder 93/2999.mp3', 'none'];
    expect([...rowsOfPaths((await open()).tracks.paths, paths)]).toEqual([70, 2999, -1]);
    expect((await open()).tracks.columns.tempos).toEqual(whole.tracks.columns.tempos);
  });

  test('gives vectors of rows, and pairs', async () => {
    const list = listSegments([{ segment: await open() }]);
    for (const row of [0, 700, ROWS - 1]) expect(same(list.vector(row), queryOf(row))).toBe(true);
    const pairs = (segment: Segment) => [...approxSimilarityJoin(segment.lsh, 0.35)];
    expect(pairs(whole).length).toBeGreaterThan(0);
    expect(pairs(await open())).toEqual(pairs(whole));
  });

  test('is searched by threads, which read into the same memory', async () => {
    const pool = createSearchPool(2);
    const { header, vectors: matrix, lsh, tree } = await openSegmentAside(join(folder, id), pool);
    const target = { header, vectors: matrix, lsh, tree };
    const rows = Array.from({ length: 40 }, (_, i) => i * 70);
    const found = await Promise.all(
      rows.map((row) => pool.run('searchSegment', target, queryOf(row), { k: 4, method: 'exact' })),
    );
    await pool.close();
    rows.forEach((row, i) => {
      expect(found[i]).toEqual(searchSegment(whole, queryOf(row), { k: 4, method: 'exact' }));
    });
    expect(same(matrix, whole.vectors)).toBe(true);
  });

  test('stays whole where its files are deleted', async () => {
    const path = copy(() => undefined);
    const segment = await open(path);
    rmSync(path, { recursive: true });
    expect(searchSegment(segment, queryOf(9), { k: 3, method: 'exact' })).toEqual(
      searchSegment(whole, queryOf(9), { k: 3, method: 'exact' }),
    );
  });
});

describe('a damage is told in place of an answer', () => {
  /** All that is asked of a segment: throws, or gives what an undamaged one gives. */
  async function ask(path: string) {
    const segment = await open(path);
    const { tracks, sounds, map, centres } = segment;
    const found = METHODS.map((method) => searchSegment(segment, queryOf(1234), { k: 9, method }));
    const told = Array.from({ length: ROWS }, (_, row) => tracks.track(row));
    const words = rowsWithWords(tracks.texts, ['artist'], 0, 9);
    const paths = rowsOfPaths(tracks.paths, ['folder 0/3.mp3']);
    const meeting = meetingRows(tracks.columns, { genre: ['rock'], excludeArtists: ['Artist 9'] });
    const alike = Object.values(sounds.aspects).map((rows) =>
      exactNearestNeighbors(rows, rows.slice(0, rows.length / ROWS), 3),
    );
    return { found, told, words, paths, meeting, alike, values: sounds.values, map, centres };
  }

  test.each(['vectors', 'tracks', 'sounds', 'lsh', 'tree', 'map', 'clusters', 'header'])(
    'wherever a bit of the %s is flipped',
    async (part) => {
      const expected = await ask(join(folder, id));
      const random = createRandom(7);
      const name = part === 'header' ? 'header.json' : `${part}.arrow`;
      for (let round = 0; round < 12; round++) {
        const path = copy((file, bytes) => {
          if (file === name)
            bytes[Math.floor(random.uniform() * bytes.length)]! ^= 1 << (random.integer() & 7);
          return undefined;
        });
        const [answer, error] = await ask(path).then(
          (value) => [value, null],
          (thrown) => [null, thrown],
        );
        if (error)
          expect(error).toMatchObject({ code: 'INDEX_DAMAGED', message: expect.stringContaining(name) });
        // What no question looks at may be damaged: bytes between columns.
        else expect(answer).toEqual(expected);
      }
    },
  );

  test.each(['vectors.arrow', 'tracks.arrow', 'sounds.arrow', 'tree.arrow'])(
    'where %s is cut',
    async (name) => {
      const { bytes } = whole.header.files[name as 'tree.arrow']!;
      for (const length of [0, 1, 9, bytes >> 1, bytes - 1]) {
        const path = copy((file, content) => (file === name ? content.subarray(0, length) : undefined));
        await expect(open(path)).rejects.toMatchObject({
          code: 'INDEX_DAMAGED',
          message: expect.stringContaining(name),
        });
      }
    },
  );

  test('where the matrix is cut after the opening', async () => {
    const path = copy(() => undefined);
    const segment = await open(path);
    truncateSync(join(path, 'vectors.arrow'), 100_000);
    const search = () => searchSegment(segment, queryOf(0), { k: 1, method: 'exact' });
    expect(search).toThrow(expect.objectContaining({ code: 'INDEX_DAMAGED' }));
    // Again, and not zeros that were never read.
    expect(search).toThrow(expect.objectContaining({ code: 'INDEX_DAMAGED' }));
  });
});
