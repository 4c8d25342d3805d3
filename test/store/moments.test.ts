import { expect, test } from 'vitest';
import { PRESETS } from '../../src/audio/descriptors.ts';
import { columnMoments } from '../../src/store/moments.ts';
import { featureColumns } from '../../src/store/shard-columns.ts';
import { sampleRows } from '../support/shard-rows.ts';

test('the moments are those of the textbook in two passes', () => {
  const rows = sampleRows(50);
  const moments = columnMoments(rows, PRESETS.full);
  expect(Object.keys(moments)).toEqual(featureColumns(PRESETS.full).map(({ name }) => name));
  for (const { name, descriptor, statistic, bands } of featureColumns(PRESETS.full)) {
    expect(moments[name].count).toBe(50);
    for (let band = 0; band < bands; band++) {
      const values = rows.map((row) => row.features.statistics[descriptor]![statistic][band]);
      const mean = values.reduce((sum, value) => sum + value, 0) / 50;
      const m2 = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      expect(moments[name].mean[band]).toBeCloseTo(mean, 9);
      expect(moments[name].m2[band]).toBeCloseTo(m2, 6);
    }
  }
});

test('a large common offset does not swallow the deviations', () => {
  const rows = sampleRows(3);
  rows.forEach((row, index) => {
    row.features.statistics.rms!.mean[0] = 8_000_000 + index;
  });
  expect(columnMoments(rows, PRESETS.full).rms_mean).toEqual({ count: 3, mean: [8_000_001], m2: [2] });
});

test('no rows have the moments of nothing', () => {
  expect(columnMoments([], PRESETS.full).rms_mean).toEqual({ count: 0, mean: [0], m2: [0] });
});
