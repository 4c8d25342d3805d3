import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { METRICS } from '../../src/search/metric.ts';
import { openSegmentAside } from '../../src/search/open-segment-aside.ts';
import { createSearchPool, inlinePool } from '../../src/search/search-pool.ts';
import { openSegment, type Segment } from '../../src/search/segment.ts';
import { buildSegment } from '../../src/search/segment-build.ts';
import { buildVectorIndex } from '../../src/search/vector-index.ts';
import { loadArrays } from '../../src/wasm/file-blocks.ts';
import { memoryOf } from '../../src/wasm/shared-memory.ts';
import { musicLikeVectors } from './music-like.ts';

const [ROWS, DIMENSION, QUERIES] = [3000, 24, 60];
const all = musicLikeVectors(ROWS + QUERIES, DIMENSION, 4);
const vectors = all.slice(0, ROWS * DIMENSION);
const queries = Array.from({ length: QUERIES }, (_, q) =>
  all.subarray((ROWS + q) * DIMENSION, (ROWS + q + 1) * DIMENSION),
);
const METHODS = ['exact', 'lsh', 'tree'] as const;
const pool = createSearchPool(2);
let folder: string;
let segment: Segment;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'search-pool-'));
  const { id, files } = buildSegment({
    tracks: Array.from({ length: ROWS }, (_, i) => ({
      id: String(i).padStart(6, '0'),
      title: `title ${i}`,
      artist: i % 3 ? 'Björk' : null,
      album: null,
      genre: null,
      path: `${i}.mp3`,
      seconds: 30,
      tempo: null,
    })),
    vectors,
    layout: [{ column: 'mfcc_mean', bands: DIMENSION, weight: 1 }],
    scaling: { mean: new Array(DIMENSION).fill(0), deviation: new Array(DIMENSION).fill(1) },
    featureVersion: '1',
  });
  mkdirSync(join(folder, id));
  for (const { name, bytes } of files) writeFileSync(join(folder, id, name), bytes);
  segment = openSegment(join(folder, id));
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

const searched = () => {
  const { header, vectors, lsh, tree } = segment;
  return { header, vectors, lsh, tree };
};

test.each(METHODS)(
  '%s finds on threads what it finds on the calling thread, many at once',
  async (method) => {
    const target = searched();
    // The calling thread, too, takes room of the memories that it shares with the others.
    const inline = await Promise.all(
      queries.map((query, q) =>
        inlinePool.run('searchSegment', target, query, { k: 7, method, excludeRows: [q] }),
      ),
    );
    const found = await Promise.all(
      queries.map((query, q) => pool.run('searchSegment', target, query, { k: 7, method, excludeRows: [q] })),
    );
    expect(found).toEqual(inline);
    expect(inline[3].rows).toHaveLength(7);
  },
);

test('a segment that a thread opened is the same, in shared memory that kernels reach', async () => {
  const aside = await openSegmentAside(join(folder, segment.id), pool);
  [aside.lsh, aside.tree].forEach(loadArrays);
  const { tracks, ...arrays } = aside;
  const { tracks: ownTracks, ...own } = segment;
  expect(arrays).toEqual(own);
  expect(tracks.track(17)).toEqual(ownTracks.track(17));
  for (const { buffer } of [aside.vectors, aside.lsh.bucketRows, aside.tree.codes]) {
    expect(memoryOf(buffer)).toBeDefined();
  }
  expect(aside.vectors).toBe(aside.tree.vectors);
});

test('a thread refuses a damaged segment as the calling thread does', async () => {
  const copy = join(folder, 'copy', segment.id);
  cpSync(join(folder, segment.id), copy, { recursive: true });
  const bytes = readFileSync(join(copy, 'tree.arrow'));
  bytes[bytes.length >> 1] ^= 4;
  writeFileSync(join(copy, 'tree.arrow'), bytes);
  const search = openSegmentAside(copy, pool).then(({ header, vectors, lsh, tree }) =>
    pool.run('searchSegment', { header, vectors, lsh, tree }, queries[0]!, { k: 1, method: 'tree' }),
  );
  await expect(search).rejects.toMatchObject({
    code: 'INDEX_DAMAGED',
    message: expect.stringContaining('tree.arrow'),
  });
});

test('threads change nothing of what they share', async () => {
  const target = searched();
  const before = structuredClone([...target.vectors]);
  await Promise.all(
    queries.flatMap((query) =>
      METHODS.map((method) => pool.run('searchSegment', target, query, { k: 9, method })),
    ),
  );
  expect([...target.vectors]).toEqual(before);
});

test('groups duplicates as the calling thread does', async () => {
  const groups = await pool.run('duplicates', searched(), 0.4);
  expect(groups).toEqual(await inlinePool.run('duplicates', searched(), 0.4));
  expect(groups.length).toBeGreaterThan(0);
});

test('looks for words as the calling thread does', async () => {
  const { texts } = segment.tracks;
  const found = await pool.run('rowsWithWords', texts, ['bjork', '17'], 2, 5);
  expect(found).toEqual(await inlinePool.run('rowsWithWords', texts, ['bjork', '17'], 2, 5));
  expect(found.rows).toHaveLength(5);
});

test('says what is wrong with a query', async () => {
  const wrong = pool.run('searchSegment', searched(), new Float32Array(3), { k: 1, method: 'exact' });
  await expect(wrong).rejects.toMatchObject({ code: 'USAGE' });
  await expect(pool.run('duplicates', searched(), -1)).rejects.toMatchObject({ code: 'USAGE' });
});

test.each(METRICS)('answers queries of an index by %s as the calling thread does', async (metric) => {
  const single = Float32Array.from(queries.flatMap((query) => [...query]));
  for (const method of metric === 'dot' ? (['exact', 'tree'] as const) : METHODS) {
    const { data } = buildVectorIndex(vectors, DIMENSION, { metric, method, recall: 0.9 });
    for (const batch of [false, true]) {
      const [inline, found] = await Promise.all(
        [inlinePool, pool].map((where) => where.run('timedAnswers', data, single, DIMENSION, 5, batch)),
      );
      expect(found.map(({ ids }) => ids)).toEqual(inline.map(({ ids }) => ids));
      expect(found).toHaveLength(QUERIES);
      for (const { us } of found) expect(us).toBeGreaterThan(0);
    }
  }
});
