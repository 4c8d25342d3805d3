import { expect, test } from 'vitest';
import { writeMfccDelta } from '../../src/audio/mfcc-delta.ts';

/** Coefficient k rises by k a frame. */
function deltaOfLines(frames: number): Float32Array {
  const mfcc = Float32Array.from({ length: 20 * frames }, (_, i) => Math.floor(i / 20) * (i % 20) - 300);
  const delta = new Float32Array(mfcc.length);
  writeMfccDelta(mfcc, delta);
  return delta;
}

test.each([3, 4, 8, 9, 100])('the slope of a line over %i frames is its own everywhere', (frames) => {
  deltaOfLines(frames).forEach((slope, i) => {
    expect(slope).toBeCloseTo(i % 20, 4);
  });
});

test.each([1, 2])('%i frames have no slope', (frames) => {
  expect(deltaOfLines(frames).every((slope) => slope === 0)).toBe(true);
});
