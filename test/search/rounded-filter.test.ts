import { expect, test } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { createRandom } from '../../src/search/random.ts';
import { blockRows, RoundedFilter } from '../../src/search/rounded-filter.ts';
import { roundRows, strideOf } from '../../src/search/rounded-rows.ts';
import { musicLikeVectors } from './music-like.ts';

const ROWS = 1_001;

function distancesOf(vectors: Float32Array, dimension: number, query: Float32Array) {
  return Array.from({ length: vectors.length / dimension }, (_, row) =>
    squaredDistance(vectors, row * dimension, query, Number.POSITIVE_INFINITY),
  );
}

/** The limit is the very distance of a row, so that any error to its disadvantage would lose it. */
test.each([
  { dimension: 1, size: 1 },
  { dimension: 15, size: 1e-30 },
  { dimension: 16, size: 1e-18 },
  { dimension: 17, size: 1e-9 },
  { dimension: 140, size: 1 },
  { dimension: 140, size: 1e6 },
  { dimension: 700, size: 1e15 },
  { dimension: 33, size: 1e19 },
  { dimension: 8, size: 1e37 },
  { dimension: 20, size: 1e-42 },
])('misses no row within a limit, among values of about $size, $dimension each', ({ dimension, size }) => {
  const random = createRandom(dimension);
  const offset = random.normal() * 3;
  const vectors = musicLikeVectors(ROWS, dimension, 1).map((value, i) =>
    i < dimension ? 0 : (value + (i % 2) * offset) * size,
  );
  const filter = new RoundedFilter(roundRows(vectors, dimension)!, 2);
  for (let round = 0; round < 40; round++) {
    const query = vectors.slice(round * dimension, (round + 1) * dimension);
    if (round % 2) query.set(query.map((value) => value * (1 + 0.1 * random.normal())));
    filter.setQuery(1, query);
    const squares = distancesOf(vectors, dimension, query);
    const limit = squares.toSorted((a, b) => a - b)[Math.floor(random.uniform() * ROWS)];
    const found = new Set<number>();
    for (let from = 0; from < ROWS; from += 64) {
      for (const row of filter.within(1, [limit], from, Math.min(64, ROWS - from))[0]) found.add(row);
    }
    expect(squares.flatMap((square, row) => (square <= limit && !found.has(row) ? [row] : []))).toEqual([]);
    expect([...found].every((row) => row < ROWS)).toBe(true);
  }
});

// Each row is rounded along the very line to the query, for half of them away from it: there all of the error counts.
test.each([1e-12, 1, 1e12])('misses no row that is rounded straight away from the query, of %d', (size) => {
  const vectors = Float32Array.from({ length: 2 * ROWS }, (_, i) => size * (i % 2 ? i / 40_000 : 1));
  const filter = new RoundedFilter(roundRows(vectors, 2)!, 1);
  const query = Float32Array.of(size, 0.02 * size);
  filter.setQuery(0, query);
  const squares = distancesOf(vectors, 2, query);
  const missed = squares.flatMap((square, row) => {
    const from = row - (row % 4);
    return filter.within(0, [square], from, Math.min(4, ROWS - from))[0].includes(row) ? [] : [row];
  });
  expect(missed).toEqual([]);
});

test('rules out nearly all that are beyond it', () => {
  const dimension = 140;
  const vectors = musicLikeVectors(ROWS, dimension, 1);
  const filter = new RoundedFilter(roundRows(vectors, dimension)!, 1);
  const query = musicLikeVectors(1, dimension, 2);
  filter.setQuery(0, query);
  const limit = distancesOf(vectors, dimension, query).toSorted((a, b) => a - b)[20];
  expect(blockRows(dimension)).toBeGreaterThan(ROWS);
  const found = filter.within(0, [limit], 0, ROWS)[0];
  expect(found.length).toBeGreaterThanOrEqual(21);
  expect(found.length).toBeLessThan(32);
});

test('a row takes a byte a value, in sixteens, and twelve bytes', () => {
  const { codes, terms } = roundRows(new Float32Array(10 * 37), 37)!;
  expect(strideOf(37)).toBe(48);
  expect(codes.byteLength).toBe(12 * 48);
  expect(terms.byteLength).toBe(12 * 12);
});
