import { describe, expect, test } from 'vitest';
import { constantQ } from '../../src/audio/constant-q.ts';
import { tone } from './wav-file.ts';

const BINS = 84;
const C1 = 440 * 2 ** (-45 / 12);
/** librosa.filters.wavelet_lengths 0.11: a filter's length in periods. */
const PERIODS = (2 ** (1 / 6) + 1) / (2 ** (1 / 6) - 1);

describe.each([0, -50, 37])('tuned by %i hundredths of a semitone,', (tuning) => {
  test.each([0, 11, 12, 33, 50, 69, 83])('a sine in the middle of bin %i is found there', (bin) => {
    const hertz = C1 * 2 ** ((bin + tuning / 100) / 12);
    const magnitudes = constantQ(tone(hertz, 2, 22_050, 0.5), tuning);
    const middle = 43 * BINS;
    const frame = magnitudes.subarray(middle, middle + BINS);
    expect(frame.indexOf(Math.max(...frame))).toBe(bin);
    // Half the amplitude times the root of the filter's length, whatever the octave.
    const expected = 0.25 * Math.sqrt((PERIODS * 22_050) / hertz);
    expect(Math.abs(frame[bin] / expected - 1)).toBeLessThan(0.01);
  });
});

test('silence has nothing in any bin', () => {
  expect(constantQ(new Float32Array(22_050), 0)).toEqual(new Float32Array(44 * BINS));
});

test.each([1, 2, 511, 512, 1023])('a clip of %i samples has as many frames as in librosa', (length) => {
  const magnitudes = constantQ(new Float32Array(length).fill(0.5), 0);
  expect(magnitudes.length).toBe((1 + Math.floor(length / 512)) * BINS);
  expect(magnitudes.every(Number.isFinite)).toBe(true);
});
