import { expect, test } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { euclideanSilhouette, euclideanSilhouettes } from '../../src/search/euclidean-silhouette.ts';
import { kmeans } from '../../src/search/kmeans.ts';
import { silhouettes } from '../../src/search/silhouette.ts';
import golden from '../fixtures/search/silhouette.json' with { type: 'json' };
import { musicLikeVectors } from './music-like.ts';

const vectors = Float32Array.from(golden.vectors);
const assignment = Uint32Array.from(golden.assignment);
const all = (rows: number) => Uint32Array.from({ length: rows }, (_, row) => row);

test('squared Euclidean ones agree with scikit-learn to 1e-9', () => {
  const found = silhouettes(vectors, golden.dimension, assignment);
  expect(found.length).toBe(golden.silhouettes.length);
  found.forEach((value, row) => {
    expect(Math.abs(value - golden.silhouettes[row])).toBeLessThan(1e-9);
  });
});

test('their mean is that of Spark', () => {
  const found = silhouettes(vectors, golden.dimension, assignment);
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  expect(Math.abs(mean - golden.spark)).toBeLessThan(1e-9);
});

test('Euclidean ones agree with scikit-learn to 1e-9', () => {
  const found = euclideanSilhouettes(vectors, golden.dimension, assignment, all(80));
  expect(found.length).toBe(golden.euclidean.length);
  found.forEach((value, row) => {
    expect(Math.abs(value - golden.euclidean[row])).toBeLessThan(1e-9);
  });
  const { mean, error, rows } = euclideanSilhouette(vectors, golden.dimension, assignment);
  const expected = golden.euclidean.reduce((sum, value) => sum + value, 0) / 80;
  expect(Math.abs(mean - expected)).toBeLessThan(1e-9);
  expect([error, rows]).toEqual([0, 80]);
});

test('samples tell the score of all rows to within their errors', () => {
  const dimension = 24;
  const many = musicLikeVectors(1500, dimension, 3);
  // Five rows a cluster are in a sample: distances within the sample alone would not do.
  const { assignment: clusters } = kmeans(many, dimension, { k: 30 });
  const exact = euclideanSilhouette(many, dimension, clusters);
  expect(exact).toMatchObject({ error: 0, rows: 1500 });
  const estimates = Array.from({ length: 40 }, (_, seed) =>
    euclideanSilhouette(many, dimension, clusters, { mostRows: 150, seed }),
  );
  const held = (errors: number) =>
    estimates.filter(({ mean, error }) => Math.abs(mean - exact.mean) < errors * error).length;
  // Of a normal distribution 68 % and 95 %.
  expect(held(1)).toBeGreaterThan(20);
  expect(held(1)).toBeLessThan(35);
  expect(held(2)).toBeGreaterThan(34);
  for (const { error, rows } of estimates) {
    expect(rows).toBe(150);
    expect(error).toBeLessThan(0.005);
  }
});

test('many clusters and values, odd numbers of both, give what the definition gives', () => {
  const dimension = 7;
  const few = musicLikeVectors(150, dimension, 5);
  const clusters = Uint32Array.from({ length: 150 }, (_, row) => 3 * (row % 13));
  const found = silhouettes(few, dimension, clusters);
  const square = (a: number, b: number) =>
    squaredDistance(few, a * dimension, few.subarray(b * dimension, (b + 1) * dimension));
  for (let row = 0; row < 150; row++) {
    const means = Array.from({ length: 13 }, (_, cluster) => {
      const others = [...clusters.keys()].filter((other) => other !== row && other % 13 === cluster);
      return others.reduce((sum, other) => sum + square(row, other), 0) / others.length;
    });
    const [inside] = means.splice(row % 13, 1);
    const outside = Math.min(...means);
    expect(found[row]).toBeCloseTo((outside - inside) / Math.max(inside, outside), 9);
  }
});

test.each([
  ['squared Euclidean', silhouettes],
  [
    'Euclidean',
    (rows: Float32Array, dimension: number, clusters: Uint32Array) =>
      euclideanSilhouettes(rows, dimension, clusters, all(clusters.length)),
  ],
])('%s: is 0 where there is no other cluster, or nothing else in the own one', (_, silhouettesOf) => {
  const three = Float32Array.of(1, 2, 9);
  expect([...silhouettesOf(three, 1, Uint32Array.of(0, 0, 0))]).toEqual([0, 0, 0]);
  expect(silhouettesOf(three, 1, Uint32Array.of(0, 0, 5))[2]).toBe(0);
  expect([...silhouettesOf(Float32Array.of(4, 4, 4, 4), 1, Uint32Array.of(0, 0, 1, 1))]).toEqual([
    0, 0, 0, 0,
  ]);
});
