import { expect, test } from 'vitest';
import type { ClipStatistics } from '../../src/audio/descriptors.ts';
import { DESCRIPTORS, PRESETS, STATISTICS } from '../../src/audio/descriptors.ts';
import { columnsOf, dimensionOf, layoutOf, rawVector } from '../../src/search/feature-vector.ts';

const LAYOUT = layoutOf(PRESETS.default);

test('the default layout has 336 values, none of them of mel, and weights that sum to 1', () => {
  expect(dimensionOf(LAYOUT)).toBe(336);
  expect(LAYOUT.some(({ column }) => column.startsWith('mel_'))).toBe(false);
  expect(new Set(LAYOUT.map(({ column }) => column)).size).toBe(LAYOUT.length);
  expect(LAYOUT.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
});

test('a raw vector has the values of its columns in the order of the layout', () => {
  const layout = [
    { column: 'zcr_mean', bands: 1, weight: 1 },
    { column: 'mfcc_std', bands: 2, weight: 1 },
  ];
  const columns = { mfcc_std: [2, 3], rms_mean: [9], zcr_mean: [1] };
  expect(rawVector(columns, layout)).toEqual(Float32Array.of(1, 2, 3));
});

test('a missing column or one of another length is named', () => {
  const layout = [{ column: 'mfcc_std', bands: 2, weight: 1 }];
  expect(() => rawVector({}, layout)).toThrow(/mfcc_std has no values .* needs 2/);
  expect(() => rawVector({ mfcc_std: [1] }, layout)).toThrow(
    expect.objectContaining({
      code: 'SHARD_DAMAGED',
      message: expect.stringContaining('mfcc_std has 1 values'),
    }),
  );
});

test('the statistics of a clip fill the default layout', () => {
  const statistics = Object.fromEntries(
    Object.entries(DESCRIPTORS).map(([name, bands], descriptor) => [
      name,
      Object.fromEntries(
        STATISTICS.map((statistic, place) => [
          statistic,
          new Float32Array(bands).map((_, band) => descriptor * 10_000 + place * 1000 + band),
        ]),
      ),
    ]),
  ) as ClipStatistics;
  const vector = rawVector(columnsOf(statistics), LAYOUT);
  const mean = LAYOUT.findIndex(({ column }) => column === 'mfcc_mean');
  const start = dimensionOf(LAYOUT.slice(0, mean));
  expect(vector.slice(start, start + 20)).toEqual(statistics.mfcc!.mean);
});
