import { describe, expect, test } from 'vitest';
import { analyseSignal, summarise } from '../../src/audio/analyse.ts';
import { DESCRIPTOR_NAMES, type DescriptorName, PRESETS, STATISTICS } from '../../src/audio/descriptors.ts';
import { medianInPlace } from '../../src/audio/median.ts';

describe('median', () => {
  test.each([
    [[3], 3],
    [[2, 1], 1.5],
    [[5, 1, 3], 3],
    [[4, 4, 4, 4], 4],
    [[1, 2, 3, 100], 2.5],
    [[-1, -1, 0, 7, 7, 7], 3.5],
  ])('of %j', (values, median) => {
    expect(medianInPlace(Float32Array.from(values))).toBe(median);
  });

  test('as sorting gives it, with ties, in any order', () => {
    let state = 1;
    for (let length = 1; length < 200; length++) {
      const values = Float32Array.from({ length }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return (state >>> 20) % 50;
      });
      const sorted = values.toSorted();
      const [lower, upper] = [sorted[(length - 1) >> 1], sorted[length >> 1]];
      for (const order of [values, sorted, sorted.toReversed()]) {
        expect(medianInPlace(order.slice())).toBe((lower + upper) / 2);
      }
    }
  });
});

test('a constant descriptor has spread, skewness and kurtosis 0', () => {
  const silence = summarise(analyseSignal(new Float32Array(22_050), PRESETS.full));
  expect(silence.rms.std[0]).toBe(0);
  expect(silence.rms.skew[0]).toBe(0);
  expect(silence.rms.kurtosis[0]).toBe(0);
  expect(silence.spectral_flatness.mean[0]).toBeCloseTo(1, 6);
  for (const name of DESCRIPTOR_NAMES) {
    for (const statistic of STATISTICS) {
      expect(silence[name][statistic].every(Number.isFinite), `${statistic} of ${name}`).toBe(true);
    }
  }
});

test('a single frame and odd numbers of frames are summarised', () => {
  for (const samples of [1, 511, 512, 1024, 2048, 2560, 33_280]) {
    const signal = Float32Array.from({ length: samples }, (_, i) => Math.cos(i / 5));
    const series = analyseSignal(signal, PRESETS.full);
    expect(series.frames).toBe(1 + Math.floor(samples / 512));
    const { mean, min, max } = summarise(series).spectral_centroid;
    expect(mean[0]).toBeGreaterThanOrEqual(min[0]);
    expect(mean[0]).toBeLessThanOrEqual(max[0]);
    expect(min[0]).toBeGreaterThan(0);
  }
});

test.each(['default', 'minimal'] as const)(
  'the preset %s has the values that all together have',
  (preset) => {
    const signal = Float32Array.from({ length: 40_000 }, (_, i) => Math.sin(i ** 1.4 / 50));
    const all = summarise(analyseSignal(signal, PRESETS.full));
    for (const [name, values] of Object.entries(summarise(analyseSignal(signal, PRESETS[preset])))) {
      expect(values, name).toEqual(all[name as DescriptorName]);
    }
  },
);
