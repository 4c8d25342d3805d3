import { expect, test } from 'vitest';
import { addToWaveform, noWaveform, peaksOf } from '../../src/audio/peaks.ts';
import { seededRandom } from '../support/shard-rows.ts';

function noise(length: number): Float32Array {
  const random = seededRandom(length);
  return Float32Array.from({ length }, (_, i) => (random() * 2 - 1) * (0.5 + 0.5 * Math.sin(i / 5000)));
}

function peaks(...blocks: Float32Array[]): Uint8Array {
  const waveform = noWaveform();
  for (const block of blocks) addToWaveform(block, waveform);
  return peaksOf(waveform);
}

/** By the definition: the greatest absolute value of each stretch of `width` samples. */
function expectedPeaks(signal: Float32Array, width: number): number[] {
  return Array.from({ length: Math.ceil(signal.length / width) }, (_, i) => {
    const stretch = signal.subarray(i * width, (i + 1) * width);
    return Math.round(255 * stretch.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  });
}

test.each([
  [1, 64],
  [64, 64],
  [65, 64],
  [65_536, 64],
  [65_537, 128],
  [661_500, 1024],
  [1_048_576, 1024],
  [1_048_577, 2048],
])('%i samples have a peak for each %i', (length, width) => {
  const signal = noise(length);
  expect(Array.from(peaks(signal))).toEqual(expectedPeaks(signal, width));
});

test('how the signal is cut into blocks changes nothing', () => {
  const signal = noise(300_000);
  const whole = peaks(signal);
  const blocks: Float32Array[] = [];
  for (let start = 0, length = 1; start < signal.length; start += length, length = (length * 7) % 9973) {
    blocks.push(signal.subarray(start, start + length));
  }
  expect(blocks.length).toBeGreaterThan(20);
  expect(peaks(...blocks)).toEqual(whole);
  expect(peaks(new Float32Array(0), signal, new Float32Array(0))).toEqual(whole);
});

test('full scale and what is above it is 255, silence is 0, a negative peak counts', () => {
  const signal = new Float32Array(256);
  signal[3] = 1;
  signal[70] = -7;
  signal[200] = -0.5;
  expect(Array.from(peaks(signal))).toEqual([255, 255, 0, 128]);
  expect(peaks()).toHaveLength(0);
});
