import { describe, expect, test } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { buildLsh } from '../../src/search/lsh-build.ts';
import type { LshIndex } from '../../src/search/lsh-index.ts';
import {
  approxSimilarityJoin,
  approxSimilarityJoinOfTwo,
  type SimilarPair,
} from '../../src/search/similarity-join.ts';
import { musicLikeVectors } from './music-like.ts';

/** Every pair nearer than the threshold: the plain way. */
function allPairs({ vectors, dimension }: LshIndex, threshold: number) {
  const rows = vectors.length / dimension;
  const pairs = [];
  for (let row = 0; row < rows; row++) {
    const query = vectors.subarray(row * dimension, (row + 1) * dimension);
    for (let other = row + 1; other < rows; other++) {
      const distance = Math.sqrt(squaredDistance(vectors, other * dimension, query));
      if (distance < threshold) pairs.push({ row, other, distance });
    }
  }
  return pairs;
}

const joined = (index: LshIndex, threshold: number) => [...approxSimilarityJoin(index, threshold)];

/** Every pair of rows of two sets nearer than the threshold: sums in the order of the values, in float64. */
function allPairsOfTwo(vectors: Float32Array, { vectors: others, dimension }: LshIndex, threshold: number) {
  const pairs: SimilarPair[] = [];
  for (let row = 0; row < vectors.length / dimension; row++) {
    for (let other = 0; other < others.length / dimension; other++) {
      let square = 0;
      for (let i = 0; i < dimension; i++) {
        square += (vectors[row * dimension + i] - others[other * dimension + i]) ** 2;
      }
      const distance = Math.sqrt(square);
      if (distance < threshold) pairs.push({ row, other, distance });
    }
  }
  return pairs;
}

const joinedTwo = (vectors: Float32Array, index: LshIndex, threshold: number) => [
  ...approxSimilarityJoinOfTwo(vectors, index, threshold),
];

const rowsOf = (pairs: readonly SimilarPair[]) => pairs.map(({ row, other }) => [row, other]);

/** The same pairs in the same order; sums in another order may differ in the last bits. */
function expectSamePairs(found: SimilarPair[], expected: SimilarPair[]): void {
  expect(rowsOf(found)).toEqual(rowsOf(expected));
  found.forEach(({ distance }, i) => {
    expect(distance).toBeCloseTo(expected[i].distance, 10);
  });
}

describe('like Spark', () => {
  const grid = Float32Array.from({ length: 800 }, (_, i) =>
    i % 2 === 0 ? Math.floor(i / 40) : (i >> 1) % 20,
  );

  // Spark asks for 0.7 of them.
  test.each([1.5, 3])('finds every pair of its self join nearer than %d, and no other', (threshold) => {
    const index = buildLsh(grid, 2, { bucketLength: 4, numHashTables: 2, numHashes: 1, seed: 12345 });
    expect(joined(index, threshold)).toEqual(allPairs(index, threshold));
  });

  test('finds 0.95 of the pairs farther apart than a bucket is long', () => {
    const index = buildLsh(grid, 2, { bucketLength: 1, numHashTables: 2, numHashes: 1, seed: 12345 });
    const found = joined(index, 2);
    expect(found.every(({ distance }) => distance < 2)).toBe(true);
    expect(found.length / allPairs(index, 2).length).toBeGreaterThanOrEqual(0.95);
  });
});

describe('over music-like vectors', () => {
  const dimension = 30;
  const vectors = musicLikeVectors(700, dimension, 4);
  // Three equal rows.
  for (const copy of [200, 699]) vectors.copyWithin(copy * dimension, 3 * dimension, 4 * dimension);
  const index = buildLsh(vectors, dimension, { numHashTables: 4, numHashes: 3 });

  test.each([0.01, 0.7, 1.2, Number.POSITIVE_INFINITY])(
    'gives each pair nearer than %d once, in order',
    (threshold) => {
      expect(joined(index, threshold)).toEqual(allPairs(index, threshold));
    },
  );

  test('finds every pair with the default tables, too', () => {
    const one = buildLsh(vectors, dimension);
    expect(joined(one, 0.8)).toEqual(allPairs(one, 0.8));
  });

  test('takes the threshold itself as too far, as Spark does', () => {
    const [{ distance }] = joined(index, 1).filter((pair) => pair.distance > 0);
    const at = (threshold: number) => joined(index, threshold).some((pair) => pair.distance === distance);
    expect(at(distance)).toBe(false);
    expect(at(distance * (1 + 2 ** -50))).toBe(true);
    expect(joined(index, 0)).toEqual([]);
  });

  test('always finds equal rows', () => {
    expect(joined(index, 1e-9).map(({ row, other }) => [row, other])).toEqual([
      [3, 200],
      [3, 699],
      [200, 699],
    ]);
  });
});

// The datasets of BucketedRandomProjectionLSHSuite: 20 × 20 points, and 24 on a circle around them.
describe('of two sets, like Spark', () => {
  const parameters = { bucketLength: 4, numHashTables: 2, numHashes: 1, seed: 12345 };
  const grid = Float32Array.from({ length: 800 }, (_, i) =>
    i % 2 === 0 ? Math.floor(i / 40) - 10 : ((i >> 1) % 20) - 10,
  );
  const circle = Float32Array.from({ length: 48 }, (_, i) => {
    const angle = (Math.PI / 12) * (i >> 1);
    return 10 * (i % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
  });

  // Spark asks for 0.7 of them.
  test('finds every pair nearer than 1, and no other', () => {
    const index = buildLsh(grid, 2, parameters);
    const expected = allPairsOfTwo(circle, index, 1);
    expect(expected.length).toBeGreaterThan(24);
    expectSamePairs(joinedTwo(circle, index, 1), expected);
  });

  test('finds the same pairs whichever of the sets is indexed', () => {
    const turned = joinedTwo(grid, buildLsh(circle, 2, parameters), 1)
      .map(({ row, other, distance }) => ({ row: other, other: row, distance }))
      .sort((a, b) => a.row - b.row || a.other - b.other);
    expect(turned).toEqual(joinedTwo(circle, buildLsh(grid, 2, parameters), 1));
  });

  test('gives of a set and itself each pair of its self join both ways, and each row with itself', () => {
    const index = buildLsh(circle, 2, parameters);
    const once = joined(index, 3);
    expect(once).toHaveLength(24);
    const expected = [
      ...once,
      ...once.map(({ row, other, distance }) => ({ row: other, other: row, distance })),
      ...Array.from({ length: 24 }, (_, row) => ({ row, other: row, distance: 0 })),
    ].sort((a, b) => a.row - b.row || a.other - b.other);
    expect(joinedTwo(circle, index, 3)).toEqual(expected);
  });

  // Beyond the bucket's length completeness is not promised; which are missed depends on the seed.
  test('finds most pairs up to two buckets apart, and no wrong one', () => {
    const index = buildLsh(grid, 2, { ...parameters, bucketLength: 1 });
    const expected = allPairsOfTwo(circle, index, 2);
    const found = joinedTwo(circle, index, 2);
    const known = new Set(expected.map(({ row, other }) => `${row} ${other}`));
    expect(found.every(({ row, other }) => known.has(`${row} ${other}`))).toBe(true);
    expect(found.length / expected.length).toBeGreaterThanOrEqual(0.8);
  });

  test('gives the pairs of the example in its guide', () => {
    const corners = Float32Array.of(1, 1, 1, -1, -1, -1, -1, 1);
    const sides = Float32Array.of(1, 0, -1, 0, 0, 1, 0, -1);
    const index = buildLsh(sides, 2, { bucketLength: 2, numHashTables: 3, numHashes: 1 });
    const pairs = joinedTwo(corners, index, 1.5);
    expect(pairs.every(({ distance }) => distance === 1)).toBe(true);
    expect(rowsOf(pairs)).toEqual([
      [0, 0],
      [0, 2],
      [1, 0],
      [1, 3],
      [2, 1],
      [2, 3],
      [3, 1],
      [3, 2],
    ]);
  });
});

describe('of two sets of music-like vectors', () => {
  const dimension = 30;
  const all = musicLikeVectors(700, dimension, 4);
  const [vectors, others] = [all.slice(0, 300 * dimension), all.slice(300 * dimension)];
  // Two rows of the index are equal to one of the others.
  for (const copy of [7, 399]) others.set(vectors.subarray(5 * dimension, 6 * dimension), copy * dimension);
  const index = buildLsh(others, dimension, { numHashTables: 4, numHashes: 3 });

  test.each([0.01, 0.7, 1.2, Number.POSITIVE_INFINITY])(
    'gives each pair nearer than %d once, in order',
    (threshold) => {
      expectSamePairs(joinedTwo(vectors, index, threshold), allPairsOfTwo(vectors, index, threshold));
    },
  );

  test('finds every pair with the default tables, too', () => {
    const one = buildLsh(others, dimension);
    expectSamePairs(joinedTwo(vectors, one, 0.8), allPairsOfTwo(vectors, one, 0.8));
  });

  test('always finds equal rows, and takes the threshold itself as too far', () => {
    expect(joinedTwo(vectors, index, 1e-9)).toEqual([
      { row: 5, other: 7, distance: 0 },
      { row: 5, other: 399, distance: 0 },
    ]);
    const [{ distance }] = joinedTwo(vectors, index, 1).filter((pair) => pair.distance > 0);
    const at = (threshold: number) =>
      joinedTwo(vectors, index, threshold).some((p) => p.distance === distance);
    expect(at(distance)).toBe(false);
    expect(at(distance * (1 + 2 ** -50))).toBe(true);
    expect(joinedTwo(vectors, index, 0)).toEqual([]);
  });

  test('finds nothing for vectors far from all rows, or for none', () => {
    expect(joinedTwo(new Float32Array(2 * dimension).fill(1e6), index, 1.2)).toEqual([]);
    expect(joinedTwo(new Float32Array(0), index, 1.2)).toEqual([]);
  });
});

test.each([-1, Number.NaN])('refuses the threshold %d', (threshold) => {
  const index = buildLsh(Float32Array.of(1, 2), 1);
  expect(() => joined(index, threshold)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test.each([
  ['of another dimension', Float32Array.of(1, 2, 3), 1],
  ['not finite', Float32Array.of(1, Number.NaN), 1],
  ['compared by a threshold below 0', Float32Array.of(1, 2), -1],
  ['compared by a threshold that is no number', Float32Array.of(1, 2), Number.NaN],
])('refuses vectors %s', (_, vectors, threshold) => {
  const index = buildLsh(Float32Array.of(1, 2, 3, 4), 2);
  expect(() => joinedTwo(vectors, index, threshold)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
