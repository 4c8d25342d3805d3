import { describe, expect, test } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { approxNearestNeighbors } from '../../src/search/lsh.ts';
import { buildLsh } from '../../src/search/lsh-build.ts';
import type { LshIndex } from '../../src/search/lsh-index.ts';
import { bucketKeyOf, positionInBuckets } from '../../src/search/lsh-index.ts';
import { visitBuckets } from '../../src/search/lsh-probes.ts';
import { createRandom } from '../../src/search/random.ts';
import { musicLikeVectors } from './music-like.ts';

const rowOf = ({ vectors, dimension }: LshIndex, row: number) =>
  vectors.subarray(row * dimension, (row + 1) * dimension);

const rowsOf = ({ vectors, dimension }: LshIndex) => vectors.length / dimension;

// The behaviours that Spark's BucketedRandomProjectionLSHSuite asks of its own.
describe('like Spark', () => {
  const seed = 12345;
  const grid = Float32Array.from({ length: 800 }, (_, i) =>
    i % 2 === 0 ? Math.floor(i / 40) : (i >> 1) % 20,
  );

  test('a hash value is the floor of the projection divided by the bucket length', () => {
    const functions = {
      dimension: 2,
      parameters: { bucketLength: 0.5, numHashTables: 2, numHashes: 1, probes: 2 },
      directions: Float32Array.of(0, 1, 1, 0),
      shifts: new Float64Array(2),
      keySteps: Uint32Array.of(1, 1),
    };
    const vector = Float32Array.of(1.23, 4.56);
    expect(Math.floor(positionInBuckets(functions, 0, vector, 0))).toBe(9);
    expect(Math.floor(positionInBuckets(functions, 1, vector, 0))).toBe(2);
    expect(bucketKeyOf(functions, 0, vector, 0)).toBe(9);
  });

  test('directions are unit vectors', () => {
    const { directions } = buildLsh(grid, 2, { numHashTables: 20, numHashes: 1, seed });
    for (let hash = 0; hash < 20; hash++) {
      expect(Math.hypot(directions[2 * hash], directions[2 * hash + 1])).toBeCloseTo(1, 6);
    }
  });

  /** Of the pairs that share a bucket the share farther apart than `far`; of the others that nearer than `near`. */
  function errors(index: LshIndex, far: number, near: number) {
    const rows = rowsOf(index);
    const keys = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: index.parameters.numHashTables }, (_, table) =>
        bucketKeyOf(index, table, index.vectors, row * index.dimension),
      ),
    );
    const together: number[] = [];
    const apart: number[] = [];
    for (let a = 0; a < rows; a++) {
      for (let b = 0; b < rows; b++) {
        const distance = Math.sqrt(squaredDistance(index.vectors, a * index.dimension, rowOf(index, b)));
        (keys[a].some((key, table) => key === keys[b][table]) ? together : apart).push(distance);
      }
    }
    const share = (list: number[], wrong: (distance: number) => boolean) =>
      list.filter(wrong).length / list.length;
    return {
      falsePositives: share(together, (distance) => distance > far),
      falseNegatives: share(apart, (distance) => distance < near),
    };
  }

  test('rows of a bucket are near, in 2 dimensions', () => {
    const index = buildLsh(grid, 2, { bucketLength: 1, numHashTables: 1, numHashes: 1, seed });
    const { falsePositives, falseNegatives } = errors(index, 8, 2);
    expect(falsePositives).toBeLessThan(0.4);
    expect(falseNegatives).toBeLessThan(0.4);
  });

  test('rows of a bucket are near, in 100 dimensions', () => {
    const index = buildLsh(musicLikeVectors(400, 100, 3), 100, {
      numHashTables: 2,
      numHashes: 4,
      probes: 2,
      seed,
    });
    const { falsePositives, falseNegatives } = errors(index, 1.6, 1);
    expect(falsePositives).toBeLessThan(0.3);
    expect(falseNegatives).toBeLessThan(0.3);
  });

  test.each([
    { numHashTables: 2, bucketLength: 4, probes: 2, least: 0.6 },
    { numHashTables: 20, bucketLength: 1, probes: 60, least: 0.7 },
  ])(
    'finds $least of 100 neighbours with $numHashTables tables and $probes probes',
    ({ least, ...given }) => {
      const index = buildLsh(grid, 2, { ...given, numHashes: 1, seed });
      const query = Float32Array.of(9.5, 9.5);
      const found = approxNearestNeighbors(index, query, 100);
      const truth = new Set(exactNearestNeighbors(grid, query, 100).rows);
      // k rows come back, so precision and recall are the same.
      expect(found.rows.length).toBe(100);
      expect(found.rows.filter((row) => truth.has(row)).length / 100).toBeGreaterThanOrEqual(least);
    },
  );
});

describe('tables', () => {
  const index = buildLsh(musicLikeVectors(500, 32, 1), 32, { numHashTables: 3, numHashes: 4, probes: 10 });
  const { tableStarts, bucketKeys, bucketStarts, bucketRows, vectors } = index;

  test('hold each row once, in the bucket of its key', () => {
    expect(tableStarts.length).toBe(4);
    for (let table = 0; table < 3; table++) {
      const rows: number[] = [];
      for (let bucket = tableStarts[table]; bucket < tableStarts[table + 1]; bucket++) {
        const inside = bucketRows.subarray(bucketStarts[bucket], bucketStarts[bucket + 1]);
        for (const row of inside)
          expect(bucketKeyOf(index, table, vectors, row * 32)).toBe(bucketKeys[bucket]);
        rows.push(...inside);
      }
      expect(rows.sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, row) => row));
      const keys = bucketKeys.subarray(tableStarts[table], tableStarts[table + 1]);
      expect(keys.every((key, i) => i === 0 || key > keys[i - 1])).toBe(true);
    }
  });

  test('are the same for the same seed, and others for another', () => {
    const given = { numHashTables: 3, numHashes: 4, probes: 10 };
    expect(buildLsh(vectors, 32, given)).toEqual(index);
    expect(buildLsh(vectors, 32, { ...given, seed: 2 }).directions).not.toEqual(index.directions);
  });
});

test('probes visit every bucket next to the query once, in the order of their score', () => {
  const index = buildLsh(musicLikeVectors(3000, 16, 1), 16, { numHashTables: 4, numHashes: 3, probes: 1 });
  const tableOf = (start: number) => Math.floor(start / 3000);
  const query = rowOf(index, 17);
  /** Sum of the squared distances to the walls between query and row; undefined where two or more lie between. */
  const scoreOf = (row: number, table: number) => {
    let score = 0;
    for (let hash = 3 * table; hash < 3 * table + 3; hash++) {
      const position = positionInBuckets(index, hash, query, 0);
      const inBucket = position - Math.floor(position);
      const move = Math.floor(positionInBuckets(index, hash, index.vectors, row * 16)) - Math.floor(position);
      if (Math.abs(move) > 1) return undefined;
      score += move === 0 ? 0 : move < 0 ? inBucket ** 2 : (1 - inBucket) ** 2;
    }
    return score;
  };
  const visited = Array.from({ length: 4 }, () => new Set<number>());
  let probes = 0;
  let last = 0;
  visitBuckets(index, query, (start, end) => {
    probes++;
    for (let i = start; i < end; i++) {
      const row = index.bucketRows[i];
      const score = scoreOf(row, tableOf(start))!;
      expect(score).toBeGreaterThanOrEqual(last - 1e-12);
      last = score;
      expect(visited[tableOf(start)].has(row)).toBe(false);
      visited[tableOf(start)].add(row);
    }
    return true;
  });
  // Each of three directions down, not at all, or up.
  expect(probes).toBe(4 * 27);
  for (let table = 0; table < 4; table++) {
    const near = Array.from({ length: 3000 }, (_, row) => row).filter(
      (row) => scoreOf(row, table) !== undefined,
    );
    expect([...visited[table]].sort((a, b) => a - b)).toEqual(near);
  }
});

describe('approximate search', () => {
  test.each([40, 250, 1500, 4000])('finds at least 0.95 of the ten nearest of %i tracks', (rows) => {
    const dimension = 336;
    const all = musicLikeVectors(rows + 100, dimension, 20);
    const index = buildLsh(all.slice(0, rows * dimension), dimension);
    let found = 0;
    for (let i = 0; i < 100; i++) {
      // Half the queries are rows of the index, half are new.
      const row = i % 2 === 0 ? Math.floor((i * rows) / 100) : undefined;
      const start = (row ?? rows + i) * dimension;
      const query = all.subarray(start, start + dimension);
      const choice = { excludeRows: row === undefined ? [] : [row] };
      const truth = new Set(exactNearestNeighbors(index.vectors, query, 10, choice).rows);
      found += approxNearestNeighbors(index, query, 10, choice).rows.filter((other) =>
        truth.has(other),
      ).length;
    }
    expect(found / 1000).toBeGreaterThanOrEqual(0.95);
  });

  test('gives exact distances, nearest first, no row twice and not the excluded one', () => {
    const index = buildLsh(musicLikeVectors(800, 48, 2), 48);
    for (let row = 0; row < 800; row += 37) {
      const { rows, distances } = approxNearestNeighbors(index, rowOf(index, row), 20, {
        excludeRows: [row],
      });
      expect(new Set(rows).size).toBe(20);
      expect(rows).not.toContain(row);
      const exact = exactNearestNeighbors(index.vectors, rowOf(index, row), 799, { excludeRows: [row] });
      rows.forEach((other, i) => {
        expect(distances[i]).toBe(exact.distances[exact.rows.indexOf(other)]);
        if (i > 0) expect(distances[i]).toBeGreaterThanOrEqual(distances[i - 1]);
      });
    }
  });

  test('is the same when asked again', () => {
    const index = buildLsh(musicLikeVectors(300, 48, 2), 48);
    const first = approxNearestNeighbors(index, rowOf(index, 5), 10);
    approxNearestNeighbors(index, rowOf(index, 6), 10);
    expect(approxNearestNeighbors(index, rowOf(index, 5), 10)).toEqual(first);
  });

  test('gives k rows where there are k, however few lie in the probed buckets', () => {
    const vectors = musicLikeVectors(300, 48, 3);
    const index = buildLsh(vectors, 48, { numHashTables: 1, numHashes: 16, bucketLength: 0.01, probes: 1 });
    expect(approxNearestNeighbors(index, rowOf(index, 0), 50).rows.length).toBe(50);
    expect(approxNearestNeighbors(index, rowOf(index, 0), 1000).rows.length).toBe(300);
    expect(approxNearestNeighbors(index, rowOf(index, 0), 1000, { excludeRows: [0] }).rows.length).toBe(299);
    const far = new Float32Array(48).fill(1e6);
    expect(approxNearestNeighbors(index, far, 10)).toEqual(exactNearestNeighbors(vectors, far, 10));
  });

  test('works where rows are equal, or where there is one', () => {
    const equal = buildLsh(new Float32Array(20 * 4).fill(3), 4);
    const { rows, distances } = approxNearestNeighbors(equal, new Float32Array(4).fill(3), 5);
    expect([...rows]).toEqual([0, 1, 2, 3, 4]);
    expect([...distances]).toEqual([0, 0, 0, 0, 0]);
    const single = buildLsh(Float32Array.of(1, 2), 2);
    expect([...approxNearestNeighbors(single, Float32Array.of(1, 1), 5).rows]).toEqual([0]);
  });
});

test('directions follow the data where it lies on a line', () => {
  const random = createRandom(4);
  const vectors = new Float32Array(200 * 8);
  for (let row = 0; row < 200; row++) vectors[row * 8 + 3] = random.normal();
  const { directions } = buildLsh(vectors, 8);
  for (let start = 0; start < directions.length; start += 8) expect(Math.abs(directions[start + 3])).toBe(1);
});
