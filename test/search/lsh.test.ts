import { describe, expect, test } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { approxNearestNeighbors } from '../../src/search/lsh.ts';
import { buildLsh } from '../../src/search/lsh-build.ts';
import type { LshIndex } from '../../src/search/lsh-index.ts';
import { bucketKeyOf } from '../../src/search/lsh-index.ts';
import { NO_MORE } from '../../src/search/lsh-probes.ts';
import { LshScanner } from '../../src/search/lsh-scan.ts';
import { createRandom } from '../../src/search/random.ts';
import { hasRow, rowSetOf } from '../../src/search/row-set.ts';
import { musicLikeVectors } from './music-like.ts';

const rowOf = ({ vectors, dimension }: LshIndex, row: number) =>
  vectors.subarray(row * dimension, (row + 1) * dimension);

/** Places along the directions of all hashes, in buckets; their floors are the hash values. */
function positionsOf(
  { dimension, directions, shifts, parameters }: LshIndex,
  vector: Float32Array,
): number[] {
  return Array.from(shifts, (shift, hash) => {
    const direction = directions.subarray(hash * dimension, (hash + 1) * dimension);
    return (
      (direction.reduce((sum, value, i) => sum + value * vector[i], 0) + shift) / parameters.bucketLength
    );
  });
}

const rowsOf = ({ vectors, dimension }: LshIndex) => vectors.length / dimension;

// The behaviours that Spark's BucketedRandomProjectionLSHSuite asks of its own.
describe('like Spark', () => {
  const seed = 12345;
  const grid = Float32Array.from({ length: 800 }, (_, i) =>
    i % 2 === 0 ? Math.floor(i / 40) : (i >> 1) % 20,
  );

  test('a hash value is the floor of the projection divided by the bucket length', () => {
    const functions = {
      parameters: { bucketLength: 0.5, numHashTables: 2, numHashes: 1, probes: 2, reRank: 1 },
      keySteps: Uint32Array.of(1, 1),
    };
    // The vector (1.23, 4.56) along (0, 1) and (1, 0).
    const projections = Float32Array.of(4.56, 1.23);
    expect(bucketKeyOf(functions, 0, projections)).toBe(9);
    expect(bucketKeyOf(functions, 1, projections)).toBe(2);
  });

  test('directions are unit vectors', () => {
    const { directions } = buildLsh(grid, 2, { numHashTables: 20, numHashes: 1, seed });
    for (let hash = 0; hash < 20; hash++) {
      expect(Math.hypot(directions[2 * hash], directions[2 * hash + 1])).toBeCloseTo(1, 6);
    }
  });

  test('directions of a table are at right angles, which Spark does not ask', () => {
    const { directions } = buildLsh(musicLikeVectors(400, 40, 3), 40, { numHashTables: 3, numHashes: 6 });
    for (let table = 0; table < 3; table++) {
      const own = Array.from({ length: 6 }, (_, i) =>
        directions.subarray((table * 6 + i) * 40, (table * 6 + i + 1) * 40),
      );
      own.forEach((a, i) => {
        for (const [j, b] of own.entries()) {
          const product = a.reduce((sum, value, l) => sum + value * b[l], 0);
          expect(product).toBeCloseTo(i === j ? 1 : 0, 6);
        }
      });
    }
  });

  /** Of the pairs that share a bucket the share farther apart than `far`; of the others that nearer than `near`. */
  function errors(index: LshIndex, far: number, near: number) {
    const rows = rowsOf(index);
    const scanner = new LshScanner(index);
    const buckets = Array.from({ length: rows }, (_, row) => scanner.bucketsOf(rowOf(index, row)));
    const together: number[] = [];
    const apart: number[] = [];
    for (let a = 0; a < rows; a++) {
      for (let b = 0; b < rows; b++) {
        const distance = Math.sqrt(squaredDistance(index.vectors, a * index.dimension, rowOf(index, b)));
        (buckets[a].some((bucket, table) => bucket === buckets[b][table]) ? together : apart).push(distance);
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

  // Spark asks for 0.6 and 0.7.
  test.each([
    { numHashTables: 2, bucketLength: 4 },
    { numHashTables: 20, bucketLength: 1 },
  ])('finds 0.95 of 100 neighbours with $numHashTables tables of length $bucketLength', (given) => {
    const index = buildLsh(grid, 2, { ...given, numHashes: 1, seed });
    const random = createRandom(6);
    let found = 0;
    for (let i = 0; i < 20; i++) {
      const query = Float32Array.of(19 * random.uniform(), 19 * random.uniform());
      const { rows } = approxNearestNeighbors(index, query, 100);
      const truth = new Set(exactNearestNeighbors(grid, query, 100).rows);
      // k rows come back, so precision and recall are the same.
      expect(rows.length).toBe(100);
      found += rows.filter((row) => truth.has(row)).length;
    }
    expect(found / 2000).toBeGreaterThanOrEqual(0.95);
  });
});

describe('tables', () => {
  const index = buildLsh(musicLikeVectors(500, 32, 1), 32, { numHashTables: 3, numHashes: 4, probes: 10 });
  const { tableStarts, bucketKeys, bucketStarts, bucketRows, vectors } = index;

  test('hold each row once, in the bucket of its key', () => {
    const scanner = new LshScanner(index);
    const bucketsOf = Array.from({ length: 500 }, (_, row) => scanner.bucketsOf(rowOf(index, row)));
    expect(tableStarts.length).toBe(4);
    for (let table = 0; table < 3; table++) {
      const rows: number[] = [];
      for (let bucket = tableStarts[table]; bucket < tableStarts[table + 1]; bucket++) {
        const inside = bucketRows.subarray(bucketStarts[bucket], bucketStarts[bucket + 1]);
        for (const row of inside) expect(bucketsOf[row][table]).toBe(bucket);
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
  const index = buildLsh(musicLikeVectors(3000, 16, 1), 16, {
    bucketLength: 0.6,
    numHashTables: 4,
    numHashes: 3,
    probes: 1,
    reRank: 1,
  });
  const tableOf = (start: number) => Math.floor(start / 3000);
  const query = rowOf(index, 17);
  const own = positionsOf(index, query);
  /** Sum of the squared distances to the walls between query and row; undefined where two or more lie between. */
  const scoreOf = (row: number, table: number) => {
    let score = 0;
    const positions = positionsOf(index, rowOf(index, row));
    for (let hash = 3 * table; hash < 3 * table + 3; hash++) {
      const position = own[hash];
      const inBucket = position - Math.floor(position);
      const move = Math.floor(positions[hash]) - Math.floor(position);
      if (Math.abs(move) > 1) return undefined;
      score += move === 0 ? 0 : move < 0 ? inBucket ** 2 : (1 - inBucket) ** 2;
    }
    return score;
  };
  const visited = Array.from({ length: 4 }, () => new Set<number>());
  let probes = 0;
  let last = 0;
  const scanner = new LshScanner(index);
  scanner.begin(query);
  for (let bucket = scanner.probes.next(); bucket !== NO_MORE; bucket = scanner.probes.next()) {
    probes++;
    expect(scanner.probes.score).toBeGreaterThanOrEqual(last);
    last = scanner.probes.score;
    if (bucket < 0) continue;
    for (let i = index.bucketStarts[bucket]; i < index.bucketStarts[bucket + 1]; i++) {
      const row = index.bucketRows[i];
      expect(scoreOf(row, tableOf(i))).toBeCloseTo(last, 4);
      expect(visited[tableOf(i)].has(row)).toBe(false);
      visited[tableOf(i)].add(row);
    }
  }
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

  test('looks at a share of the rows that falls as they grow more', () => {
    const shares = [2000, 32_000].map((rows) => {
      const index = buildLsh(musicLikeVectors(rows, 24, 8), 24);
      return index.parameters.probes / (index.bucketKeys.length || 1);
    });
    expect(shares[1]).toBeLessThan(shares[0]);
  });

  test.each([1, 3])('is exact with every probe and every row of %i tables re-ranked', (numHashTables) => {
    const vectors = musicLikeVectors(600, 24, 9);
    const given = {
      numHashTables,
      numHashes: 4,
      probes: 3 ** 4 * numHashTables,
      reRank: 600 * numHashTables,
    };
    const index = buildLsh(vectors, 24, given);
    const queries = musicLikeVectors(20, 24, 10);
    for (let start = 0; start < queries.length; start += 24) {
      const query = queries.subarray(start, start + 24);
      expect(approxNearestNeighbors(index, query, 10)).toEqual(exactNearestNeighbors(vectors, query, 10));
    }
  });

  test.each([0.9, 0.5, 0.2, 0.1])('finds at least 0.9 where a share of %d is accepted', (share) => {
    const random = createRandom(12);
    const rows = 4000;
    const all = musicLikeVectors(rows + 100, 32, 11);
    const index = buildLsh(all.slice(0, rows * 32), 32);
    const accept = rowSetOf(rows, () => random.uniform() < share);
    let found = 0;
    for (let row = rows; row < rows + 100; row++) {
      const query = all.subarray(row * 32, (row + 1) * 32);
      const truth = new Set(exactNearestNeighbors(index.vectors, query, 10, { accept }).rows);
      const answer = approxNearestNeighbors(index, query, 10, { accept }).rows;
      expect(answer.length).toBe(10);
      expect(answer.every((other) => hasRow(accept, other))).toBe(true);
      found += answer.filter((other) => truth.has(other)).length;
    }
    expect(found / 1000).toBeGreaterThanOrEqual(0.9);
  });

  test('finds the same rows whatever their order', () => {
    const vectors = musicLikeVectors(900, 24, 13);
    const order = Array.from({ length: 900 }, (_, i) => (i * 7) % 900);
    const shuffled = Float32Array.from(
      order.flatMap((row) => [...vectors.subarray(row * 24, row * 24 + 24)]),
    );
    const given = { probes: 3 ** 4, numHashes: 4, reRank: 900 };
    const [one, other] = [vectors, shuffled].map((matrix) => buildLsh(matrix, 24, given));
    for (let row = 0; row < 900; row += 90) {
      const query = rowOf(one, row);
      const found = approxNearestNeighbors(other, query, 10);
      expect([...found.rows].map((place) => order[place])).toEqual([
        ...approxNearestNeighbors(one, query, 10).rows,
      ]);
    }
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

  test('works in one dimension, with many equal and zero vectors', () => {
    const vectors = Float32Array.from({ length: 1000 }, (_, row) => Math.max(0, (row % 100) - 50));
    const index = buildLsh(vectors, 1);
    for (const value of [0, 7, 49, 1e9]) {
      const query = Float32Array.of(value);
      const { rows, distances } = approxNearestNeighbors(index, query, 10);
      expect(new Set(rows).size).toBe(10);
      expect(distances[0]).toBe(exactNearestNeighbors(vectors, query, 1).distances[0]);
    }
  });
});

test('directions follow the data where it lies on a line', () => {
  const random = createRandom(4);
  const vectors = new Float32Array(200 * 8);
  for (let row = 0; row < 200; row++) vectors[row * 8 + 3] = random.normal();
  const { directions } = buildLsh(vectors, 8);
  for (let start = 0; start < directions.length; start += 8) expect(Math.abs(directions[start + 3])).toBe(1);
});
