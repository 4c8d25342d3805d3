import { expect, test } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { kmeans } from '../../src/search/kmeans.ts';
import { lloyd } from '../../src/search/lloyd.ts';
import { createRandom } from '../../src/search/random.ts';
import golden from '../fixtures/search/kmeans.json' with { type: 'json' };
import { musicLikeVectors } from './music-like.ts';

/** `groups` far apart, rows in turn. */
function blobs(rows: number, groups: number, dimension: number): Float32Array {
  const random = createRandom(9);
  return Float32Array.from(
    { length: rows * dimension },
    (_, i) => 50 * ((Math.floor(i / dimension) % groups) * ((i % dimension) + 1)) + random.normal(),
  );
}

test('ends where scikit-learn ends from the same centres', () => {
  const { centres, assignment, inertia } = lloyd(
    Float32Array.from(golden.vectors),
    golden.dimension,
    Float32Array.from(golden.initial),
    300,
  );
  expect([...assignment]).toEqual(golden.assignment);
  centres.forEach((value, i) => {
    expect(value).toBeCloseTo(golden.centres[i], 6);
  });
  expect(Math.abs(inertia / golden.inertia - 1)).toBeLessThan(1e-7);
});

test('ends no worse than scikit-learn usually does', () => {
  const { vectors, dimension, k, medianInertia } = golden.mixture;
  const inertias = Array.from(
    { length: 25 },
    (_, seed) => kmeans(Float32Array.from(vectors), dimension, { k, seed }).inertia,
  );
  expect(inertias.sort((a, b) => a - b)[12] / medianInertia).toBeLessThan(1.01);
});

test('finds groups that lie apart', () => {
  const { assignment, centres } = kmeans(blobs(200, 4, 3), 3, { k: 4 });
  expect(centres.length).toBe(4 * 3);
  for (let row = 0; row < 200; row++) expect(assignment[row]).toBe(assignment[row % 4]);
  expect(new Set(assignment).size).toBe(4);
});

test('puts each row to its nearest centre, the inertia being the sum of the squares', () => {
  const dimension = 24;
  const vectors = musicLikeVectors(1500, dimension, 2);
  const { centres, assignment, inertia } = kmeans(vectors, dimension, { k: 12 });
  let sum = 0;
  for (let row = 0; row < assignment.length; row++) {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    const squares = Array.from({ length: 12 }, (_, c) => squaredDistance(centres, c * dimension, vector));
    expect(assignment[row]).toBe(squares.indexOf(Math.min(...squares)));
    sum += Math.min(...squares);
  }
  expect(inertia).toBeCloseTo(sum, 6);
});

test('iterations lower the inertia', () => {
  const vectors = musicLikeVectors(600, 24, 3);
  const start = vectors.slice(0, 8 * 24);
  const after = [0, 1, 5].map((iterations) => lloyd(vectors, 24, start, iterations).inertia);
  expect(after[1]).toBeLessThan(after[0]);
  expect(after[2]).toBeLessThan(after[1]);
});

test('the same seed gives the same bits', () => {
  const vectors = musicLikeVectors(900, 24, 4);
  expect(kmeans(vectors, 24, { seed: 5 })).toEqual(kmeans(vectors, 24, { seed: 5 }));
  expect(kmeans(vectors, 24, { seed: 5 }).assignment).not.toEqual(
    kmeans(vectors, 24, { seed: 6 }).assignment,
  );
});

test('has the root of half the rows for its number of clusters', () => {
  expect(kmeans(musicLikeVectors(800, 8, 1), 8).centres.length / 8).toBe(20);
  expect(kmeans(Float32Array.of(3, 4), 2)).toEqual({
    centres: Float32Array.of(3, 4),
    assignment: Uint32Array.of(0),
    inertia: 0,
  });
});

test('has as many clusters as different rows at most', () => {
  const vectors = Float32Array.from({ length: 60 }, (_, row) => row % 3);
  const { centres, inertia } = kmeans(vectors, 1, { k: 10 });
  expect([...centres].sort()).toEqual([0, 1, 2]);
  expect(inertia).toBe(0);
});

test('an empty cluster takes the row farthest from its centre', () => {
  const vectors = Float32Array.of(0, 1, 2, 100);
  // No row is nearest to the last centre.
  const { centres, assignment } = lloyd(vectors, 1, Float32Array.of(1, -500));
  expect([...centres]).toEqual([1, 100]);
  expect([...assignment]).toEqual([0, 0, 0, 1]);
});

test.each([2, 7])('gives the same bits in %i parts as in one', (parts) => {
  const vectors = musicLikeVectors(1000, 24, 5);
  // Centres far out lose all rows at once, and others in the course of the iterations.
  const centres = vectors.slice(0, 20 * 24).map((value, i) => (i < 5 * 24 ? 100 + i : value));
  expect(lloyd(vectors, 24, centres, 10, parts)).toEqual(lloyd(vectors, 24, centres, 10));
});

test('leaves no cluster empty where there are rows enough', () => {
  const vectors = musicLikeVectors(300, 8, 6);
  const { assignment } = lloyd(vectors, 8, new Float32Array(30 * 8).fill(1), 20);
  expect(new Set(assignment).size).toBe(30);
});

test('far from the origin, where float32 cannot tell, rows still go to their nearest centres', () => {
  const dimension = 6;
  const vectors = musicLikeVectors(500, dimension, 8).map((value) => value + 4000);
  const { centres, assignment } = kmeans(vectors, dimension, { k: 9 });
  for (let row = 0; row < 500; row++) {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    const squares = Array.from({ length: 9 }, (_, c) => squaredDistance(centres, c * dimension, vector));
    expect(squares[assignment[row]]).toBe(Math.min(...squares));
  }
});

test('values whose squares float32 cannot hold are clustered, too', () => {
  const { assignment } = kmeans(Float32Array.of(1e30, -1e30, 1.1e30, -1.2e30), 1, { k: 2 });
  expect(assignment[2]).toBe(assignment[0]);
  expect(assignment[3]).toBe(assignment[1]);
  expect(assignment[1]).not.toBe(assignment[0]);
});

test('mini-batches of many rows end near what all rows give', () => {
  const vectors = musicLikeVectors(28_500, 4, 3);
  const { centres, inertia } = kmeans(vectors, 4, { k: 300, iterations: 10 });
  expect(inertia / lloyd(vectors, 4, centres, 10).inertia).toBeLessThan(1.05);
  expect(inertia).toBeLessThan(0.95 * lloyd(vectors, 4, vectors.slice(0, 1200), 0).inertia);
  expect(kmeans(vectors, 4, { k: 300, iterations: 10 }).centres).toEqual(centres);
});

test('has no clusters of no rows', () => {
  expect(kmeans(new Float32Array(0), 5).centres.length).toBe(0);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (value) => {
  expect(() => kmeans(Float32Array.of(1, 2, 3, value), 2)).toThrow(/row 1 has a value/);
});

test('gives any rows to their nearest centres, in any number of parts', () => {
  const random = createRandom(11);
  const upTo = (most: number) => 1 + Math.floor(random.uniform() * most);
  for (let round = 0; round < 40; round++) {
    const [dimension, k, rows, parts] = [upTo(20), upTo(40), upTo(400), upTo(5)];
    // Whole numbers have many centres as near as each other; far from the origin float32 tells little.
    const [isWhole, offset] = [random.uniform() < 0.4, random.uniform() < 0.3 ? 100 : 0];
    const value = () => offset + (isWhole ? Math.round(random.normal()) : random.normal());
    const vectors = Float32Array.from({ length: rows * dimension }, value);
    const start = Float32Array.from({ length: k * dimension }, value);
    const clustering = lloyd(vectors, dimension, start, upTo(12));
    for (let row = 0; row < rows; row++) {
      const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
      const squares = Array.from({ length: k }, (_, c) =>
        squaredDistance(clustering.centres, c * dimension, vector),
      );
      expect(clustering.assignment[row]).toBe(squares.indexOf(Math.min(...squares)));
    }
    const { centres } = lloyd(vectors, dimension, start, 5);
    expect(lloyd(vectors, dimension, start, 5, parts).centres).toEqual(centres);
  }
});

test('more clusters than rows are as many as rows', () => {
  const { centres, assignment } = kmeans(Float32Array.of(5, 1, 1, 9), 2, { k: 7 });
  expect(centres.length).toBe(2 * 2);
  expect(new Set(assignment).size).toBe(2);
});
