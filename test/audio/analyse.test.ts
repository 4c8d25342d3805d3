import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  analyseSignal,
  analyseTrack,
  decodable,
  decodeToSignal,
  summarise,
} from '../../src/audio/analyse.ts';
import type { AnalysisSettings } from '../../src/audio/analysis-settings.ts';
import { bytesInMemory } from '../../src/audio/byte-source.ts';
import { DESCRIPTOR_NAMES, DESCRIPTORS, PRESETS, STATISTICS } from '../../src/audio/descriptors.ts';
import { tone, wavFile } from './wav-file.ts';
import { analyseClip } from './whole.ts';

const LIMITS = { maximumSeconds: 60 };
const ANALYSIS: AnalysisSettings = { preset: 'full', window: null, ffmpeg: null };

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
  const analysis: AnalysisSettings = { preset: 'fma', window: null, ffmpeg: null };
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
  const windowed = await analyseClip(wavFile([rising]), LIMITS, {
    preset: 'minimal',
    window: 2,
    ffmpeg: null,
  });
  const alone = await analyseClip(wavFile([middle]), LIMITS, {
    preset: 'minimal',
    window: null,
    ffmpeg: null,
  });
  // The waveform is of the whole: a player seeks in all of it.
  const { peaks } = await analyseClip(wavFile([rising]), LIMITS, {
    preset: 'minimal',
    window: null,
    ffmpeg: null,
  });
  expect(windowed).toEqual({ ...alone, seconds: 10, peaks });
  expect(Object.keys(windowed.statistics)).toEqual(PRESETS.minimal);
});

describe('the middle of', () => {
  const SETTINGS: AnalysisSettings = { preset: 'minimal', window: 2, ffmpeg: null };

  async function middleOf(bytes: Uint8Array): Promise<unknown> {
    const signal = await decodeToSignal(bytesInMemory(bytes), LIMITS);
    const start = Math.floor((signal.length - 44_100) / 2);
    return summarise(analyseSignal(signal.subarray(start, start + 44_100), PRESETS.minimal));
  }

  test.each(['tone.mp3', 'tone-without-xing.mp3', 'tone-vorbis.ogg', 'tone.flac', 'tone-moov-last.m4a'])(
    '%s is that of what decodes',
    async (file) => {
      const bytes = fixture(file);
      const { seconds } = await analyseClip(bytes, LIMITS, ANALYSIS);
      const windowed = await analyseClip(bytes, LIMITS, SETTINGS);
      expect(windowed).toMatchObject({ seconds, truncated: false, statistics: await middleOf(bytes) });
    },
  );

  test('a file that holds less than its header says', async () => {
    for (const file of ['tone.mp3', 'tone.flac']) {
      const whole = fixture(file);
      const bytes = whole.subarray(0, whole.length * 0.8);
      const windowed = await analyseClip(bytes, LIMITS, SETTINGS);
      expect(windowed).toMatchObject({ truncated: true, statistics: await middleOf(bytes) });
      expect(windowed.seconds).toBeLessThan(6);
    }
  });

  test('a file no longer than the window is all of it', async () => {
    const bytes = fixture('tone.mp3');
    const whole = await analyseClip(bytes, LIMITS, { preset: 'minimal', window: null, ffmpeg: null });
    for (const window of [7, 8, 1000]) {
      expect(await analyseClip(bytes, LIMITS, { preset: 'minimal', window, ffmpeg: null })).toEqual(whole);
    }
  });

  test('a file that is silent there is refused', async () => {
    const samples = tone(440, 6);
    samples.fill(0, 1.5 * 22_050, 4.5 * 22_050);
    const code = await analyseClip(wavFile([samples]), LIMITS, SETTINGS).catch((error) => error.code);
    expect(code).toBe('AUDIO_SILENT');
  });
});

test('an hour takes no more memory than minutes', { timeout: 120_000 }, async () => {
  const [seconds, sampleRate] = [3600, 11_025];
  const header = wavFile([[]], { sampleRate, bits: 8 });
  new DataView(header.buffer).setUint32(40, seconds * sampleRate, true);
  // Made as it is read: 441 Hz, 25 samples a period.
  const periods = Uint8Array.from(
    { length: 1 << 21 },
    (_, i) => 128 + 100 * Math.sin((2 * Math.PI * i) / 25),
  );
  let most = 0;
  const source = {
    size: header.length + seconds * sampleRate,
    async read(start: number, length: number) {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      const phase = (start + 25 - (header.length % 25)) % 25;
      const bytes = periods.slice(phase, phase + Math.max(0, Math.min(length, this.size - start)));
      if (start < header.length) bytes.set(header.subarray(start, start + length));
      return bytes;
    },
  };
  const before = process.memoryUsage().arrayBuffers;
  const limits = { maximumSeconds: seconds };
  const { features } = await analyseTrack(decodable(source, limits), {
    preset: 'minimal',
    window: null,
  });
  expect(features).toMatchObject({ seconds, sampleRate, channels: 1, truncated: false });
  expect(features.statistics.zcr!.median[0] * 22_050).toBeCloseTo(882, -1);
  // The signal alone is 318 MB long.
  expect(most - before).toBeLessThan(150e6);
});
