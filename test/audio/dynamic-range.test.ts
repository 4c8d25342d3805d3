import { expect, test } from 'vitest';
import { dynamicRange } from '../../src/audio/dynamic-range.ts';

const FRAMES_PER_SECOND = 22_050 / 512;

/** A steady tone at each level in turn, 20 s each. */
function tones(levels: number[]): Float32Array {
  const frames = Math.round(20 * FRAMES_PER_SECOND);
  return Float32Array.from(
    { length: levels.length * frames },
    (_, i) => 10 ** (levels[Math.floor(i / frames)] / 20),
  );
}

// EBU Tech 3342, table 1: its test signals are tones of 1 kHz, which loudness does not weight.
test.each([
  [[-20, -30], 10],
  [[-20, -15], 5],
  [[-40, -20], 20],
  [[-50, -35, -20, -35, -50], 15],
])('tones of %j dB have a range of %i dB', (levels, range) => {
  expect(Math.abs(dynamicRange(tones(levels)) - range)).toBeLessThan(1);
});

test('it does not depend on the gain', () => {
  const levels = tones([-20, -28, -24]);
  expect(dynamicRange(levels.map((value) => value / 4))).toBeCloseTo(dynamicRange(levels), 4);
});

test('silence and clips shorter than 3 s have 0', () => {
  expect(dynamicRange(new Float32Array(1292))).toBe(0);
  expect(dynamicRange(Float32Array.of(0.1, 0.5, 0))).toBe(0);
});
