import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyseClip, analyseSignal } from '../../src/audio/analyse.ts';
import type { AnalysisSettings } from '../../src/audio/analysis-settings.ts';
import { DESCRIPTOR_NAMES, DESCRIPTORS, PRESETS, STATISTICS } from '../../src/audio/descriptors.ts';
import { tone, wavFile } from './wav-file.ts';

const LIMITS = { maximumSeconds: 60 };
const ANALYSIS: AnalysisSettings = { preset: 'full', window: null };

function fixture(file: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/audio/${file}`, import.meta.url)));
}

async function codeOf(bytes: Uint8Array): Promise<unknown> {
  return analyseClip(bytes, LIMITS, ANALYSIS).then(
    () => null,
    (error) => error.code,
  );
}

test('a clip has seven finite statistics of every descriptor', async () => {
  const features = await analyseClip(fixture('tone.mp3'), LIMITS, ANALYSIS);
  expect(features).toMatchObject({ seconds: 7, sampleRate: 44_100, channels: 2, truncated: false });
  for (const name of DESCRIPTOR_NAMES) {
    for (const statistic of STATISTICS) {
      const values = features.statistics[name]![statistic];
      expect(values.length).toBe(DESCRIPTORS[name]);
      expect(values.every(Number.isFinite), `${statistic} of ${name}`).toBe(true);
    }
  }
});

test('the preset fma has the 518 values of features.csv', async () => {
  const analysis: AnalysisSettings = { preset: 'fma', window: null };
  const { statistics } = await analyseClip(fixture('tone.mp3'), LIMITS, analysis);
  const bands = Object.values(statistics).map(({ mean }) => mean.length);
  expect(STATISTICS.length * bands.reduce((sum, count) => sum + count)).toBe(518);
});

test('a clip has its waveform and its segments', async () => {
  const { peaks, segments, segmentCount } = await analyseClip(fixture('tone.mp3'), LIMITS, ANALYSIS);
  // 7 s: 154,350 samples, 256 a peak; the last 2 s are no segment.
  expect(peaks).toHaveLength(603);
  const steady = peaks.subarray(10, 590);
  expect(Math.max(...steady) - Math.min(...steady)).toBeLessThan(10);
  expect(Math.min(...steady)).toBeGreaterThan(20);
  expect(segmentCount).toBe(1);
  expect(segments).toHaveLength(2 * 46);
  expect(segments.every(Number.isFinite)).toBe(true);
});

test('the same tone has the same features in each format', async () => {
  for (const file of ['tone.mp3', 'tone-vorbis.ogg', 'tone-opus.ogg', 'tone.flac', 'tone.m4a']) {
    const { statistics } = await analyseClip(fixture(file), LIMITS, ANALYSIS);
    expect(statistics.zcr!.median[0] * 22_050, file).toBeCloseTo(880, -2);
    const chroma = statistics.chroma_stft!.median;
    expect(chroma.indexOf(Math.max(...chroma)), `${file}: the class of A`).toBe(9);
  }
});

test('values do not depend on what was analysed before, nor on a failure', async () => {
  const bytes = fixture('tone.mp3');
  const first = await analyseClip(bytes, LIMITS, ANALYSIS);
  await analyseClip(fixture('tone-opus.ogg'), LIMITS, ANALYSIS);
  await codeOf(bytes.subarray(0, 3000));
  analyseSignal(
    Float32Array.from({ length: 200_000 }, (_, i) => Math.sin(i * i)),
    PRESETS.full,
  );
  expect(await analyseClip(bytes, LIMITS, ANALYSIS)).toEqual(first);
});

describe('refused with a reason:', () => {
  test('silence', async () => {
    expect(await codeOf(wavFile([new Float32Array(22_050)]))).toBe('AUDIO_SILENT');
    expect(await codeOf(wavFile([tone(440, 1, 22_050, 1e-6)], { bits: 32, float: true }))).toBe(
      'AUDIO_SILENT',
    );
    expect(
      await codeOf(wavFile([new Float32Array(22_050).fill(Number.NaN)], { bits: 32, float: true })),
    ).toBe('AUDIO_SILENT');
  });

  test('channels that cancel each other', async () => {
    const left = tone(440, 1);
    expect(await codeOf(wavFile([left, left.map((x) => -x)], { bits: 32, float: true }))).toBe(
      'AUDIO_SILENT',
    );
  });

  test('less than a frame', async () => {
    expect(await codeOf(wavFile([tone(440, 0.0928)]))).toBe('AUDIO_TOO_SHORT');
    expect(await codeOf(wavFile([tone(440, 0.0929)]))).toBeNull();
  });
});

test('a float file with values beyond all sense gives finite features', async () => {
  const samples = tone(440, 1);
  samples[100] = Number.NaN;
  samples[5000] = Number.POSITIVE_INFINITY;
  samples[9000] = -3e38;
  const { statistics } = await analyseClip(wavFile([samples], { bits: 32, float: true }), LIMITS, ANALYSIS);
  for (const name of DESCRIPTOR_NAMES) {
    for (const statistic of STATISTICS) {
      expect(statistics[name]![statistic].every(Number.isFinite), `${statistic} of ${name}`).toBe(true);
    }
  }
});

test('the middle of a long clip is what a clip of that middle has', async () => {
  const rising = Float32Array.from({ length: 10 * 22_050 }, (_, i) => Math.sin((i / 22_050) ** 2 * 600));
  const middle = rising.slice(4 * 22_050, 6 * 22_050);
  const windowed = await analyseClip(wavFile([rising]), LIMITS, { preset: 'minimal', window: 2 });
  const alone = await analyseClip(wavFile([middle]), LIMITS, { preset: 'minimal', window: null });
  // The waveform is of the whole: a player seeks in all of it.
  const { peaks } = await analyseClip(wavFile([rising]), LIMITS, { preset: 'minimal', window: null });
  expect(windowed).toEqual({ ...alone, seconds: 10, peaks });
  expect(Object.keys(windowed.statistics)).toEqual(PRESETS.minimal);
});
