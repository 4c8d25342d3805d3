import { describe, expect, test } from 'vitest';
import { exactNearestNeighbors, exactNearestNeighborsBatch } from '../../src/search/exact.ts';
import { createRandom } from '../../src/search/random.ts';
import { type RoundedRows, roundRows } from '../../src/search/rounded-rows.ts';
import { rowSetOf } from '../../src/search/row-set.ts';
import { allocateShared } from '../../src/wasm/shared-memory.ts';
import { musicLikeVectors } from './music-like.ts';

/** By sorting everything: the plain way. */
function sorted(vectors: Float32Array, query: Float32Array, k: number, excludeRow?: number) {
  const rows = Array.from({ length: vectors.length / query.length }, (_, row) => {
    const vector = vectors.subarray(row * query.length, (row + 1) * query.length);
    return { row, square: vector.reduce((sum, value, i) => sum + (value - query[i]) ** 2, 0) };
  });
  return rows
    .filter(({ row }) => row !== excludeRow)
    .sort((a, b) => a.square - b.square || a.row - b.row)
    .slice(0, k);
}

/** The same values where kernels read them in place, not at the start of the memory. */
function share(vectors: Float32Array): Float32Array {
  const bytes = allocateShared(vectors.byteLength + 20);
  const shared = new Float32Array(bytes.buffer, 20, vectors.length);
  shared.set(vectors);
  return shared;
}

const own = (vectors: Float32Array) => vectors;
const unrounded = (): RoundedRows | undefined => undefined;

describe.each([
  ['in a memory that kernels reach', share, unrounded],
  ['in memory of its own', own, unrounded],
  ['rounded beside it', own, roundRows],
])('over a matrix %s', (_, place, round) => {
  test.each([1, 3, 4, 15, 16, 17, 31, 33, 36, 70])(
    'finds the same rows as sorting does, in dimension %i',
    (dimension) => {
      const random = createRandom(dimension);
      // Small whole numbers: many distances are equal, and every sum is exact.
      const draw = (length: number) => Float32Array.from({ length }, () => Math.floor(random.uniform() * 4));
      const vectors = place(draw(2_101 * dimension));
      const rounded = round(vectors, dimension);
      for (let excluded = 0; excluded < 6; excluded++) {
        const query = draw(dimension);
        const k = 1 + Math.floor(random.uniform() * 40);
        const found = exactNearestNeighbors(vectors, query, k, { excludeRows: [excluded] }, rounded);
        const expected = sorted(vectors, query, k, excluded);
        expect([...found.rows]).toEqual(expected.map(({ row }) => row));
        expect(found.distances).toEqual(Float32Array.from(expected, ({ square }) => Math.sqrt(square)));
      }
    },
  );

  // Near the ends of float32 the kernel's sums are infinite or nothing; its answer must not depend on them.
  test.each([1e-30, 1e-22, 1, 1e18, 1e25])('finds the nearest among values of about %d', (scale) => {
    const dimension = 24;
    const vectors = place(musicLikeVectors(900, dimension, 5).map((value) => value * scale));
    const rounded = round(vectors, dimension);
    for (const row of [0, 450, 899]) {
      const query = vectors.slice(row * dimension, (row + 1) * dimension);
      const found = exactNearestNeighbors(vectors, query, 12, {}, rounded);
      expect([...found.rows]).toEqual(sorted(vectors, query, 12).map(({ row }) => row));
    }
  });

  // All rows are nearly as far. Sums in float32 order the first wrongly; the squares of the second are rounded up.
  test.each([
    { size: 1, variety: 1, noise: 1e-7 },
    { size: 1.22e-22, variety: 0, noise: 1e-4 },
  ])('orders by float64 what float32 cannot tell apart, of about $size', ({ size, variety, noise }) => {
    const [dimension, rows] = [400, 1_000];
    const random = createRandom(6);
    const values = Array.from({ length: dimension }, () => size * (1 + variety * random.uniform()));
    const vectors = place(
      Float32Array.from({ length: rows * dimension }, (_, i) => {
        const turned = (i + Math.floor(i / dimension)) % dimension;
        return values[turned] * (1 + noise * random.uniform());
      }),
    );
    const query = new Float32Array(dimension);
    const found = exactNearestNeighbors(vectors, query, 20, {}, round(vectors, dimension));
    expect([...found.rows]).toEqual(sorted(vectors, query, 20).map(({ row }) => row));
  });

  test('answers a batch as it answers each query', () => {
    const dimension = 50;
    const vectors = place(musicLikeVectors(3_000, dimension, 1));
    const queries = musicLikeVectors(7, dimension, 2);
    const batch = exactNearestNeighborsBatch(vectors, dimension, queries, 9, {}, round(vectors, dimension));
    expect(batch).toHaveLength(7);
    batch.forEach((found, i) => {
      const query = queries.subarray(i * dimension, (i + 1) * dimension);
      expect(found).toEqual(exactNearestNeighbors(vectors, query, 9));
    });
  });
});

test.each([
  { kind: 'as they come', dimension: 30, rows: 20_003, spread: () => 1 },
  {
    kind: 'of one column far larger',
    dimension: 40,
    rows: 9_001,
    spread: (i: number) => (i % 40 === 7 ? 1e6 : 1),
  },
  { kind: 'so long that int16 would be too much', dimension: 700, rows: 1_200, spread: () => 1 },
])('answers a large batch as each query, over rows $kind', ({ dimension, rows, spread }) => {
  const vectors = musicLikeVectors(rows, dimension, 3).map((value, i) => value * spread(i));
  const rounded = roundRows(vectors, dimension)!;
  const queries = musicLikeVectors(120, dimension, 4).map((value, i) => value * spread(i));
  const accept = rowSetOf(rows, (row) => row % 3 > 0);
  for (const choice of [{}, { accept, excludeRows: [1] }]) {
    const alone = Array.from({ length: 120 }, (_, i) =>
      exactNearestNeighbors(vectors, queries.subarray(i * dimension, (i + 1) * dimension), 9, choice),
    );
    expect(exactNearestNeighborsBatch(vectors, dimension, queries, 9, choice)).toEqual(alone);
    expect(exactNearestNeighborsBatch(vectors, dimension, queries, 9, choice, rounded)).toEqual(alone);
  }
});

test('gives all rows where k is larger, without the excluded one', () => {
  const vectors = Float32Array.of(5, 1, 3);
  expect([...exactNearestNeighbors(vectors, Float32Array.of(0), 99).rows]).toEqual([1, 2, 0]);
  expect([...exactNearestNeighbors(vectors, Float32Array.of(0), 99, { excludeRows: [2] }).rows]).toEqual([
    1, 0,
  ]);
  expect(
    exactNearestNeighbors(Float32Array.of(5), Float32Array.of(0), 1, { excludeRows: [0] }).rows.length,
  ).toBe(0);
});
