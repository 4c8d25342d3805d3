import { expect, test } from 'vitest';
import { PRESETS } from '../../src/audio/descriptors.ts';
import { dimensionOf, layoutOf } from '../../src/search/feature-vector.ts';
import { createRandom } from '../../src/search/random.ts';
import { scaleVector, scalingOf } from '../../src/search/scaling.ts';

const LAYOUT = layoutOf(PRESETS.default);

test('the scaling is that of two passes over the rows', () => {
  const random = createRandom(1);
  const rows = Array.from({ length: 500 }, () => [1e6 + random.normal(), random.uniform(), 5]);
  const raw = Float32Array.from(rows.flat());
  const { mean, deviation } = scalingOf(raw, layout);
  for (let i = 0; i < 3; i++) {
    const column = rows.map((_, row) => raw[row * 3 + i]);
    const average = column.reduce((sum, value) => sum + value, 0) / 500;
    const square = column.reduce((sum, value) => sum + (value - average) ** 2, 0) / 500;
    expect(mean[i]).toBeCloseTo(average, 9);
    expect(deviation[i]).toBeCloseTo(Math.sqrt(square), 9);
  }
});

test('two random tracks have a mean squared distance of 2', () => {
  const random = createRandom(5);
  const dimension = dimensionOf(LAYOUT);
  // Values of very different units; one column in ten never varies.
  const units = Array.from({ length: dimension }, (_, i) => (i % 10 === 0 ? 0 : 10 ** (i % 7)));
  const rows = Array.from({ length: 400 }, () => units.map((unit) => unit * (3 + random.normal())));
  const scaling = scalingOf(Float32Array.from(rows.flat()), LAYOUT);
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
  const scaling = { mean: [10, 0, 7], deviation: [1e-8, 1, 0] };
  expect(scaleVector(Float32Array.of(11, 1, 8), scaling, layout)).toEqual(Float32Array.of(0, 1, 0));
});

test('a value that is no finite number is refused', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const raw = Float32Array.of(1, 2, 3, 4, 5, value);
    expect(() => scalingOf(raw, layout)).toThrow(/a value of b/);
    expect(() => scalingOf(raw, layout)).toThrow(expect.objectContaining({ code: 'SHARD_DAMAGED' }));
  }
});
