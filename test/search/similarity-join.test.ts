import { describe, expect, test } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { buildLsh } from '../../src/search/lsh-build.ts';
import type { LshIndex } from '../../src/search/lsh-index.ts';
import { approxSimilarityJoin } from '../../src/search/similarity-join.ts';
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

test.each([-1, Number.NaN])('refuses the threshold %d', (threshold) => {
  const index = buildLsh(Float32Array.of(1, 2), 1);
  expect(() => joined(index, threshold)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
