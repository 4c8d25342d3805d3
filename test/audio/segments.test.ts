import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { analyseSignal, type ClipSeries } from '../../src/audio/analyse.ts';
import { DESCRIPTOR_NAMES, DESCRIPTORS, type DescriptorName } from '../../src/audio/descriptors.ts';
import { createSegments } from '../../src/audio/segments.ts';

const RATE = 22_050;
/** All of them, in the order of a segment's values. */
const ORDER: DescriptorName[] = [
  'mfcc',
  'spectral_contrast',
  'chroma_stft',
  'spectral_centroid',
  'spectral_bandwidth',
  'spectral_rolloff',
  'spectral_flatness',
  'zcr',
  'rms',
  'onset_strength',
];
const BANDS = 46;

const golden = (file: string) => {
  const bytes = readFileSync(new URL(`../fixtures/audio/golden/${file}`, import.meta.url));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
};

/** The five golden signals, one behind the other: 15 s. */
function longSignal(): Float32Array {
  const parts = ['chirp', 'chord', 'bursts', 'clicks', 'rising'].map(
    (name) => new Int16Array(golden(`${name}.pcm`)),
  );
  return Float32Array.from(
    parts.flatMap((part) => [...part]),
    (sample) => sample / 32_768,
  );
}

/** The segments of a track whose frames come in these parts. */
function segmentsOf(parts: Partial<ClipSeries>[]) {
  const segments = createSegments(DESCRIPTOR_NAMES.filter((name) => parts[0][name]));
  for (const part of parts) segments.add(part as ClipSeries);
  return segments.end();
}

/** A part of a series, from one frame to before another. */
function framesOf(series: ClipSeries, from: number, to: number): ClipSeries {
  const entries = ORDER.map((name) => [
    name,
    series[name].subarray(from * DESCRIPTORS[name], to * DESCRIPTORS[name]),
  ]);
  return { frames: to - from, ...Object.fromEntries(entries) };
}

const whole = analyseSignal(longSignal().subarray(0, 12.7 * RATE), ORDER);

test('means and deviations are as numpy has them of librosa’s series', () => {
  const { count, values } = segmentsOf([whole]);
  const expected = new Float32Array(golden('segments.f32'));
  expect(count).toBe(3);
  expect(values.length).toBe(expected.length);
  let place = 0;
  for (const name of ORDER) {
    for (let band = place; band < place + DESCRIPTORS[name]; band++) {
      const means = [0, 2, 4].map((row) => Math.abs(expected[row * BANDS + band]));
      for (let row = 0; row < 6; row++) {
        const off = Math.abs(values[row * BANDS + band] - expected[row * BANDS + band]);
        expect(off, `${name}, row ${row}, band ${band}`).toBeLessThan(1e-5 * Math.max(...means));
      }
    }
    place += DESCRIPTORS[name];
  }
  expect(place).toBe(BANDS);
});

test('frames may come in parts of any number', () => {
  const together = segmentsOf([whole]);
  expect(segmentsOf([framesOf(whole, 0, 216), framesOf(whole, 216, whole.frames)])).toEqual(together);
  const cuts = [0, 1, 1, 100, 250, 431, 500, whole.frames];
  const parts = cuts.slice(1).map((end, i) => framesOf(whole, cuts[i], end));
  expect(segmentsOf(parts)).toEqual(together);
});

/** A series of one descriptor, the value of each frame its number. */
function ramp(samples: number): Partial<ClipSeries> {
  const frames = 1 + Math.floor(samples / 512);
  return { frames, rms: Float32Array.from({ length: frames }, (_, i) => i) };
}

test.each([
  [2048, 1],
  [2.5 * RATE - 1, 1],
  [7.45 * RATE, 1],
  [7.5 * RATE, 2],
  [10 * RATE, 2],
  [30 * RATE, 6],
  [32.6 * RATE, 7],
  [3600 * RATE, 720],
])('%i samples have %i segments', (samples, count) => {
  expect(segmentsOf([ramp(samples)]).count).toBe(count);
});

test('a frame belongs to the segment that its centre lies in', () => {
  // Centres at 512 i: 0 to 215 lie in the first 5 s, 216 to 430 in the second, 431 to 559 in the 3 s left.
  const [a, , b, , c] = segmentsOf([ramp(13 * RATE)]).values;
  expect([a, b, c]).toEqual([107.5, 323, 495]);
  // Of 7.4 s the last 2.4 s count for nothing; of 2 s all count.
  const deviation = Math.fround(Math.sqrt((216 ** 2 - 1) / 12));
  expect([...segmentsOf([ramp(7.4 * RATE)]).values]).toEqual([107.5, deviation]);
  expect(segmentsOf([ramp(2 * RATE)]).values[0]).toBe(43);
});

test('a constant series has no deviation, however large it is', () => {
  const frames = 300;
  const rms = new Float32Array(frames).fill(8191.1);
  expect([...segmentsOf([{ frames, rms }]).values]).toEqual([Math.fround(8191.1), 0]);
});

test('descriptors that were not computed, and those that segments do not tell of, are left out', () => {
  const { frames, rms, mfcc } = whole;
  const some = segmentsOf([{ frames, rms, mfcc, mel: new Float32Array(frames * 128) }]).values;
  const all = segmentsOf([whole]).values;
  const bands = [...Array(20).keys(), 44];
  expect([...some]).toEqual(
    [0, 1, 2, 3, 4, 5].flatMap((row) => bands.map((band) => all[row * BANDS + band])),
  );
});
