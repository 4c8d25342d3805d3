import { expect, test } from 'vitest';
import { keepRows, noRows } from '../../src/audio/kept-rows.ts';
import { type Moments, mergeMoments, momentsOf } from '../../src/audio/moments.ts';

let state = 3;
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};

test.each([
  ['of one length', [100, 100, 100]],
  ['of different lengths', [1, 999, 2, 40, 3000]],
  ['of one value each', [1, 1, 1, 1]],
])('moments of parts %s are those of the whole', (_, lengths) => {
  // Parts that lie far apart, and far from 0.
  const parts = lengths.map((length, i) =>
    Float32Array.from({ length }, () => 1000 + 50 * i ** 2 + random() ** 3),
  );
  const whole = momentsOf(Float32Array.from(parts.flatMap((part) => Array.from(part))));
  const merged = parts.map(momentsOf).reduce(mergeMoments);
  for (const key of Object.keys(whole) as (keyof Moments)[]) {
    expect(Math.abs(merged[key] - whole[key]), key).toBeLessThanOrEqual(1e-9 * Math.abs(whole[key]));
  }
});

test('all rows are kept up to 16,384, then every second, then every fourth', () => {
  const rows = Float32Array.from({ length: 2 * 40_000 }, (_, i) => i);
  const kept = noRows(2);
  keepRows(kept, rows.subarray(0, 2 * 16_384));
  expect(kept.values).toEqual(rows.subarray(0, 2 * 16_384));
  keepRows(kept, rows.subarray(2 * 16_384, 2 * 16_385));
  expect(kept).toMatchObject({ count: 8193, stride: 2 });
  keepRows(kept, rows.subarray(2 * 16_385));
  expect(kept).toMatchObject({ count: 10_000, stride: 4 });
  for (const row of [0, 1, 2, 4095, 8191, 9999]) {
    expect(Array.from(kept.values.subarray(2 * row, 2 * row + 2))).toEqual([8 * row, 8 * row + 1]);
  }
});

test('which rows are kept does not depend on how they come', () => {
  const rows = Float32Array.from({ length: 50_000 }, random);
  const [once, often] = [noRows(1), noRows(1)];
  keepRows(once, rows);
  for (let start = 0; start < rows.length; start += 777) keepRows(often, rows.subarray(start, start + 777));
  expect(often).toEqual(once);
});
