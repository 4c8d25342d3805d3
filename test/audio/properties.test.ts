import { describe, expect, test } from 'vitest';
import { analyseSignal, summarise } from '../../src/audio/analyse.ts';
import {
  DESCRIPTORS,
  type DescriptorName,
  HOP_LENGTH,
  PRESETS,
  SAMPLE_RATE,
} from '../../src/audio/descriptors.ts';
import { wavFile } from './wav-file.ts';
import { analyseClip } from './whole.ts';

/** Notes with 40 partials up to 9 kHz, as a function of time in seconds: any rate from 22,050 Hz holds all of it. */
function phrase(time: number): number {
  const note = Math.floor(time * 3);
  const age = 3 * time - note;
  const pitch = 220 * 2 ** ([0, -2, -5, -3, 0, -7][note % 6] / 12);
  let sample = 0;
  for (let partial = 1; partial <= 40; partial++) {
    sample += (0.2 / partial) * Math.sin(2 * Math.PI * pitch * partial * time + partial);
  }
  return sample * Math.sin(Math.PI * age) ** 2;
}

const sampled = (rate: number, seconds: number) =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, i) => phrase(i / rate));

/** The greatest deviation, as a share of the greatest value. */
function deviation(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [most, worst] = [1e-30, values.length === expected.length ? 0 : Number.POSITIVE_INFINITY];
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(expected[i]));
    worst = Math.max(worst, Math.abs(values[i] - expected[i]));
  }
  return worst / most;
}

describe('half the gain', () => {
  const loud = sampled(SAMPLE_RATE, 4);
  const before = analyseSignal(loud, PRESETS.full);
  const after = analyseSignal(
    loud.map((sample) => sample / 2),
    PRESETS.full,
  );

  test.each([
    'spectral_centroid',
    'spectral_bandwidth',
    'spectral_rolloff',
    'spectral_contrast',
    'zcr',
    'chroma_stft',
    'tonnetz',
    'spread',
    'onset_strength',
    'tempo',
    'tempo_strength',
    'tuning',
    'tempogram',
    'tempogram_ratio',
    'key',
    'key_strength',
    'dynamic_range',
    'mfcc_delta',
    'chroma_cqt',
    'chroma_cens',
    'tonnetz_cens',
  ] as const)('leaves %s', (name) => {
    expect(deviation(after[name], before[name])).toBeLessThan(2e-5);
  });

  test.each([
    ['rms', 1 / 2],
    ['spectral_flux', 1 / 2],
    ['mel', 1 / 4],
    ['loudness', 0.5 ** 0.23],
    ['specific_loudness', 0.5 ** 0.23],
  ] as const)('scales %s', (name, factor) => {
    const expected = before[name].map((value) => value * factor);
    expect(deviation(after[name], expected)).toBeLessThan(2e-5);
  });

  test('shifts the first coefficient of mfcc alone', () => {
    const shift = Math.sqrt(128) * 10 * Math.log10(1 / 4);
    const expected = before.mfcc.map((value, i) => (i % DESCRIPTORS.mfcc === 0 ? value + shift : value));
    expect(deviation(after.mfcc, expected)).toBeLessThan(2e-5);
  });
});

test('what comes three hops later has the same values three frames later', () => {
  // The sound is in the middle of the silence, so that no frame looks over an end.
  const [seconds, frames] = [2, Math.floor((2 * SAMPLE_RATE) / HOP_LENGTH)];
  const place = (start: number) => {
    const signal = new Float32Array(5 * SAMPLE_RATE);
    signal.set(sampled(SAMPLE_RATE, seconds), start * HOP_LENGTH);
    return signal;
  };
  // chroma_cens is left out: it brings in the classes of what rounding leaves in the silence.
  const local = PRESETS.full.filter((name) => !name.startsWith('temp') && !name.endsWith('cens'));
  const early = analyseSignal<readonly DescriptorName[]>(place(40), local);
  const late = analyseSignal<readonly DescriptorName[]>(place(43), local);
  for (const name of local) {
    if (early[name].length !== early.frames * DESCRIPTORS[name]) continue;
    const rows = (series: Float32Array, first: number) =>
      series.subarray(first * DESCRIPTORS[name], (first + frames) * DESCRIPTORS[name]);
    const [found, expected] = [rows(late[name], 43), rows(early[name], 40)];
    // The signals of its lower octaves are made in blocks, which lie otherwise and so round otherwise.
    if (name === 'chroma_cqt') expect(deviation(found, expected), name).toBeLessThan(1e-4);
    else expect(found, name).toEqual(expected);
  }
});

test('two equal channels are one', async () => {
  const samples = sampled(SAMPLE_RATE, 2);
  const analyse = (channels: Float32Array[]) =>
    analyseClip(
      wavFile(channels, { bits: 32, float: true }),
      { maximumSeconds: 60 },
      { preset: 'full', window: null, ffmpeg: null },
    );
  const [mono, stereo] = [await analyse([samples]), await analyse([samples, samples])];
  expect(stereo).toEqual({ ...mono, channels: 2 });
});

test.each([32_000, 44_100, 48_000, 96_000])('the rate of %i Hz is not heard', async (sampleRate) => {
  const analyse = async (rate: number) => {
    const file = wavFile([sampled(rate, 4)], { sampleRate: rate, bits: 32, float: true });
    return (
      await analyseClip(file, { maximumSeconds: 60 }, { preset: 'default', window: null, ffmpeg: null })
    ).statistics;
  };
  const [found, expected] = [await analyse(sampleRate), await analyse(SAMPLE_RATE)];
  for (const name of [
    'mfcc',
    'spectral_centroid',
    'zcr',
    'rms',
    'chroma_stft',
    'loudness',
    'tempo',
  ] as const) {
    expect(deviation(found[name]!.mean, expected[name]!.mean), name).toBeLessThan(5e-3);
  }
});

test('silence of any length has finite values, and none of energy', () => {
  for (const samples of [0, 1, 2048, 30_000]) {
    const series = analyseSignal(new Float32Array(samples), PRESETS.full);
    for (const name of PRESETS.full) expect(series[name].every(Number.isFinite), name).toBe(true);
    for (const name of [
      'rms',
      'mel',
      'loudness',
      'spectral_flux',
      'onset_strength',
      'chroma_stft',
      'tempogram',
      'tempogram_ratio',
      'key_strength',
      'dynamic_range',
      'mfcc_delta',
      'chroma_cqt',
      'chroma_cens',
    ] as const) {
      expect(
        series[name].every((value) => value === 0),
        name,
      ).toBe(true);
    }
    const statistics = summarise(series);
    for (const name of PRESETS.full) expect(statistics[name].mean.every(Number.isFinite), name).toBe(true);
  }
});

test.each([
  ['a single sample', Float32Array.of(0.5)],
  ['a single analysis frame', sampled(SAMPLE_RATE, 0.093)],
  ['a click', new Float32Array(40_000).fill(1, 20_000, 20_001)],
])('%s has finite values', (_, signal) => {
  const series = analyseSignal(signal, PRESETS.full);
  for (const name of PRESETS.full) expect(series[name].every(Number.isFinite), name).toBe(true);
});
