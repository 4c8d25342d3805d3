import { expect, test } from 'vitest';
import { PRESETS } from '../../src/audio/descriptors.ts';
import { dimensionOf, layoutOf } from '../../src/search/feature-vector.ts';
import { createRandom } from '../../src/search/random.ts';
import type { Moments } from '../../src/search/scaling.ts';
import { mergeMoments, scaleVector, scalingOf } from '../../src/search/scaling.ts';

const LAYOUT = layoutOf(PRESETS.default);

function momentsOf(rows: number[][]): Moments {
  const mean = rows[0].map((_, band) => rows.reduce((sum, row) => sum + row[band], 0) / rows.length);
  const m2 = mean.map((value, band) => rows.reduce((sum, row) => sum + (row[band] - value) ** 2, 0));
  return { count: rows.length, mean, m2 };
}

test('merged moments are those of all rows, however they are cut', () => {
  const random = createRandom(1);
  const rows = Array.from({ length: 500 }, () => [1000 + random.normal(), random.uniform(), 5]);
  const whole = momentsOf(rows);
  for (const cuts of [
    [0, 500],
    [0, 1, 2, 500],
    [0, 100, 250, 499, 500],
  ]) {
    const parts = cuts.slice(1).map((end, i) => momentsOf(rows.slice(cuts[i], end)));
    const merged = mergeMoments([{ count: 0, mean: [], m2: [] }, ...parts]);
    expect(merged.count).toBe(500);
    merged.mean.forEach((value, band) => {
      expect(value).toBeCloseTo(whole.mean[band], 9);
    });
    merged.m2.forEach((value, band) => {
      expect(value).toBeCloseTo(whole.m2[band], 6);
    });
  }
});

test('merging leaves the moments that it is given as they are', () => {
  const part = { count: 2, mean: [1], m2: [2] };
  mergeMoments([part, { count: 1, mean: [4], m2: [0] }]);
  expect(part).toEqual({ count: 2, mean: [1], m2: [2] });
});

test('two random tracks have a mean squared distance of 2', () => {
  const random = createRandom(5);
  const dimension = dimensionOf(LAYOUT);
  // Values of very different units; one column in ten never varies.
  const units = Array.from({ length: dimension }, (_, i) => (i % 10 === 0 ? 0 : 10 ** (i % 7)));
  const rows = Array.from({ length: 400 }, () => units.map((unit) => unit * (3 + random.normal())));
  const moments: Record<string, Moments> = {};
  let start = 0;
  for (const { column, bands } of LAYOUT) {
    const from = start;
    moments[column] = momentsOf(rows.map((row) => row.slice(from, from + bands)));
    start += bands;
  }
  const scaling = scalingOf(moments, LAYOUT);
  const vectors = rows.map((row) => scaleVector(Float32Array.from(row), scaling, LAYOUT));
  let sum = 0;
  for (let i = 0; i < vectors.length; i += 2) {
    vectors[i].forEach((value, band) => {
      sum += (value - vectors[i + 1][band]) ** 2;
    });
  }
  expect(sum / (vectors.length / 2)).toBeCloseTo(2, 1);
});

const layout = [
  { column: 'a', bands: 2, weight: 3 },
  { column: 'b', bands: 1, weight: 1 },
];

test('weights are shared by the bands of a column, and tails are cut', () => {
  const scaling = { mean: [10, 0, 0], deviation: [2, 1, 1] };
  const vector = scaleVector(Float32Array.of(12, -1, 100), scaling, layout);
  expect(vector[0]).toBeCloseTo(Math.sqrt(3 / 8), 6);
  expect(vector[1]).toBeCloseTo(-Math.sqrt(3 / 8), 6);
  expect(vector[2]).toBeCloseTo(4 * Math.sqrt(1 / 4), 6);
});

test('a value that never varies gives 0 and its weight to the others', () => {
  // 1e-9 of 10 is less than float32 can tell apart.
  const scaling = scalingOf(
    { a: { count: 4, mean: [10, 0], m2: [4e-16, 4] }, b: { count: 4, mean: [7], m2: [0] } },
    layout,
  );
  expect(scaleVector(Float32Array.of(11, 1, 8), scaling, layout)).toEqual(Float32Array.of(0, 1, 0));
});

test('moments that lack, have another number of bands or are not finite are refused', () => {
  const a = { count: 1, mean: [1, 1], m2: [0, 0] };
  expect(() => scalingOf({ a }, layout)).toThrow(expect.objectContaining({ code: 'SHARD_DAMAGED' }));
  expect(() => scalingOf({ a, b: a }, layout)).toThrow(/moments of b are not 1 finite/);
  expect(() => scalingOf({ a, b: { count: 2, mean: [Number.NaN], m2: [0] } }, layout)).toThrow(/of b/);
});
