import { describe, expect, test } from 'vitest';
import { analyseSignal, summarise } from '../../src/audio/analyse.ts';
import {
  type ClipStatistics,
  DESCRIPTORS,
  type DescriptorName,
  PRESETS,
  SAMPLE_RATE,
  SCALARS,
} from '../../src/audio/descriptors.ts';
import { medianInPlace } from '../../src/audio/median.ts';
import { createSectionAnalysis, type SectionAnalysis } from '../../src/audio/section-analysis.ts';
import { createSegments } from '../../src/audio/segments.ts';

const MINUTE = 60 * SAMPLE_RATE;
const MOST = 25_840 * 512;

function inBlocks(
  signal: Float32Array,
  descriptors: readonly DescriptorName[],
  block?: number,
): ClipStatistics {
  return analysisOf(signal, descriptors, block).statistics;
}

function analysisOf(
  signal: Float32Array,
  descriptors: readonly DescriptorName[],
  block = 100_000,
): ReturnType<SectionAnalysis['end']> {
  const analysis = createSectionAnalysis(descriptors);
  for (let start = 0; start < signal.length; start += block) {
    analysis.write(signal.subarray(start, start + block));
  }
  return analysis.end();
}

/**
 * Noise that comes and goes, and A = 440 Hz. It is nowhere 80 dB softer than anywhere else, so it does not matter
 * which sound is the loudest.
 */
function music(length: number): Float32Array {
  const samples = noise(length);
  for (let i = 0; i < length; i++) {
    const loudness = (0.6 + 0.4 * Math.sin(i / 1e6)) * (0.2 + (i % 12_000) / 12_000);
    samples[i] = loudness * samples[i] + 0.2 * Math.sin((2 * Math.PI * 440 * i) / SAMPLE_RATE);
  }
  return samples;
}

/** Between -0.1 and 0.1. */
function noise(length: number): Float32Array {
  let state = 5;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 0.2 * (state / 2 ** 32 - 0.5);
  });
}

/** Every `step`-th value of a band. */
function column(rows: Float32Array, bands: number, band: number, step: number): Float32Array {
  return Float32Array.from(
    { length: Math.ceil(rows.length / bands / step) },
    (_, i) => rows[i * step * bands + band],
  );
}

describe('up to ten minutes', () => {
  test('a signal has the values of the whole', () => {
    const signal = music(MINUTE);
    const whole = summarise(analyseSignal(signal, PRESETS.full));
    for (const block of [signal.length, 1000, 77_777]) {
      expect(inBlocks(signal, PRESETS.full, block)).toEqual(whole);
    }
  });

  test('so has the longest, and a sample more makes a difference', () => {
    const signal = music(MOST + 1);
    const statistics = inBlocks(signal.subarray(0, MOST), ['rms']);
    expect(statistics).toEqual(summarise(analyseSignal(signal.subarray(0, MOST), ['rms'])));
    // Of 25,841 frames the median is now that of every second one.
    expect(inBlocks(signal, ['rms']).rms!.median).not.toEqual(statistics.rms!.median);
  });
});

describe('longer than that', () => {
  const signal = music(15.7 * MINUTE);
  const series = analyseSignal(signal, PRESETS.default);
  const whole: ClipStatistics = summarise(series);
  const { statistics, segments } = analysisOf(signal, PRESETS.default);

  test.each(PRESETS.default.filter((name) => !SCALARS.includes(name)))(
    '%s has the statistics of the whole where the sections agree',
    (name) => {
      const [merged, expected] = [statistics[name]!, whole[name]!];
      expect(merged.min).toEqual(expected.min);
      expect(merged.max).toEqual(expected.max);
      for (const statistic of ['mean', 'std', 'skew', 'kurtosis'] as const) {
        merged[statistic].forEach((value, band) => {
          const wanted = expected[statistic][band];
          expect(Math.abs(value - wanted), statistic).toBeLessThanOrEqual(
            1e-5 * Math.max(1, Math.abs(wanted)),
          );
        });
      }
      const bands = DESCRIPTORS[name];
      merged.median.forEach((median, band) => {
        // Of 40,568 frames every fourth is kept.
        expect(median).toBe(Math.fround(medianInPlace(column(series[name], bands, band, 4))));
      });
    },
  );

  test('what looks far around a frame, or starts with other samples, is nearly that of the whole', () => {
    const descriptors = ['chroma_cqt', 'chroma_cens', 'tonnetz_cens', 'tempogram'] as const;
    const expected = summarise(analyseSignal(signal, descriptors));
    const merged = inBlocks(signal, descriptors);
    for (const name of descriptors) {
      for (const statistic of ['mean', 'std', 'min', 'max'] as const) {
        merged[name]![statistic].forEach((value, band) => {
          expect(Math.abs(value - expected[name][statistic][band]), `${statistic} of ${name}`).toBeLessThan(
            1e-4,
          );
        });
      }
    }
  });

  test('blocks of any length give the same', () => {
    for (const block of [1_000_003, MOST, signal.length]) {
      expect(inBlocks(signal, ['zcr', 'spectral_flux'], block)).toEqual({
        zcr: statistics.zcr,
        spectral_flux: statistics.spectral_flux,
      });
    }
  });

  test('the segments of 5 s are those of the whole', () => {
    const expected = createSegments(PRESETS.default);
    expected.add(series);
    expect(segments).toEqual(expected.end());
    expect(segments.count).toBe(188);
  });

  test('tempo and tuning are those of one section', () => {
    const { tempo, tempo_strength: strength, tuning } = statistics;
    for (const scalar of [tempo, strength, tuning]) {
      expect(scalar!.min).toEqual(scalar!.max);
      expect(scalar!.mean).toEqual(scalar!.median);
      expect(scalar!.std[0]).toBe(0);
    }
    expect(tuning).toEqual(whole.tuning);
  });
});

test('chroma is the same where the spectra are kept and where they are computed twice', () => {
  const [frames, first] = [4300, 3000];
  const signal = music(frames * 512);
  const long = analyseSignal(signal, ['chroma_stft', 'tuning']);
  const short = analyseSignal(signal.subarray(first * 512), ['chroma_stft', 'tuning']);
  expect(short.tuning).toEqual(long.tuning);
  // The first two frames of the part reach back to what it lacks.
  expect(short.chroma_stft.subarray(2 * 12)).toEqual(long.chroma_stft.subarray((first + 2) * 12));
});

test('the tempo of a long track is that of the section with the clearest pulse', () => {
  const signal = noise(16 * MINUTE);
  // Twenty frames from beat to beat: 129.2 a minute, from the sixth to the ninth minute only.
  for (let beat = 6 * MINUTE; beat < 9 * MINUTE; beat += 20 * 512) {
    for (let i = 0; i < 1000; i++) signal[beat + i] += 0.5 * Math.sin(i) * Math.exp(-i / 200);
  }
  const { tempo, tempo_strength } = inBlocks(signal, ['tempo', 'tempo_strength']);
  const section = signal.subarray(12_920 * 512, 2 * 12_920 * 512);
  const alone = summarise(analyseSignal(section, ['tempo', 'tempo_strength']));
  expect(tempo!.mean).toEqual(alone.tempo.mean);
  expect(tempo!.mean[0]).toBeCloseTo(129.2, 1);
  expect(tempo_strength!.mean[0]).toBeCloseTo(alone.tempo_strength.mean[0], 1);
});
