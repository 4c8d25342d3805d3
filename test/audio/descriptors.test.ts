import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyseSignal, type ClipSeries, summarise } from '../../src/audio/analyse.ts';
import {
  DESCRIPTORS,
  type DescriptorName,
  PRESETS,
  SCALARS,
  STATISTICS,
} from '../../src/audio/descriptors.ts';
import golden from '../fixtures/audio/golden/golden.json' with { type: 'json' };

interface Tolerance {
  /** How far a value may be off, as a share of the descriptor's largest value in the clip. */
  value: number;
  /** Share of the frames that may be further off. */
  share: number;
  /** Skewness and kurtosis are compared where the standard deviation is at least this: below, they are rounding. */
  spread: number;
  /** How far any statistic may be off. */
  rounding: number;
}

const TOLERANCE: Tolerance = { value: 1e-5, share: 0, spread: 0, rounding: 1e-9 };
/** Where the above does not hold. */
const TOLERANCES: Partial<Record<DescriptorName, Partial<Tolerance>>> = {
  // They move in steps, so a rounding difference can move a frame by a whole one.
  spectral_rolloff: { share: 0.001 },
  zcr: { share: 0.001 },
  // Of at most 1. A chirp has no key, and so a correlation that is small beside the chroma's values.
  key_strength: { value: 5e-5 },
  // Weights below 1e-6 are left out, which a class without any sound of its own shows.
  chroma_stft: { rounding: 1e-6 },
  // Each frame is divided by its greatest value, so in a quiet one the rounding of the resamplers shows.
  chroma_cqt: { value: 1e-4 },
  // At the last lags the window leaves less than the rounding of the transforms, librosa's too.
  tempogram: { spread: 1e-3, rounding: 1e-7 },
};

interface Golden {
  series: Float32Array;
  every: number;
  /** 7 × bands. */
  statistics: Float32Array;
}

function fixture(name: string): ArrayBuffer {
  const bytes = readFileSync(new URL(`../fixtures/audio/golden/${name}`, import.meta.url));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}

function readSignal(name: string): Float32Array {
  return Float32Array.from(new Int16Array(fixture(`${name}.pcm`)), (sample) => sample / 32_768);
}

function readGolden(
  name: string,
  descriptors: DescriptorName[],
  frames: number,
): Map<DescriptorName, Golden> {
  const values = new Float32Array(fixture(`${name}.f32`));
  const found = new Map<DescriptorName, Golden>();
  let place = 0;
  const take = (length: number) => {
    place += length;
    return values.subarray(place - length, place);
  };
  for (const descriptor of descriptors) {
    const every = (golden.every as Partial<Record<string, number>>)[descriptor] ?? 1;
    const bands = DESCRIPTORS[descriptor];
    const series = take((SCALARS.includes(descriptor) ? 1 : Math.ceil(frames / every)) * bands);
    found.set(descriptor, { series, every, statistics: take(STATISTICS.length * bands) });
  }
  expect(place).toBe(values.length);
  return found;
}

/** Every `every`-th frame. */
function thinned(series: ClipSeries, name: DescriptorName, every: number): Float32Array {
  const bands = DESCRIPTORS[name];
  return series[name].filter((_, i) => Math.floor(i / bands) % every === 0);
}

const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe.each(golden.signals)('$name', ({ name, omitted }) => {
  const descriptors = (golden.descriptors as DescriptorName[]).filter(
    (descriptor) => !(omitted as string[]).includes(descriptor),
  );
  const series = analyseSignal(readSignal(name), PRESETS.full);
  const statistics = summarise(series);
  const expected = readGolden(name, descriptors, series.frames);

  test.each(descriptors)('%s is as librosa has it', (descriptor) => {
    const { series: reference, every } = expected.get(descriptor)!;
    const ours = thinned(series, descriptor, every);
    expect(ours.length).toBe(reference.length);
    const most = largest(reference);
    const { value: tolerance, share } = { ...TOLERANCE, ...TOLERANCES[descriptor] };
    const off = ours.filter((value, i) => !(Math.abs(value - reference[i]) <= tolerance * most));
    const allowed = Math.ceil(share * ours.length);
    const worst = ours.reduce((worst, value, i) => Math.max(worst, Math.abs(value - reference[i])), 0);
    expect(off.length, `off by up to ${worst / most} of the largest`).toBeLessThanOrEqual(allowed);
  });

  test.each(descriptors)('the statistics of %s are as scipy has them', (descriptor) => {
    const bands = DESCRIPTORS[descriptor];
    const { statistics: reference } = expected.get(descriptor)!;
    const { spread, rounding } = { ...TOLERANCE, ...TOLERANCES[descriptor] };
    const deviations = reference.subarray(STATISTICS.indexOf('std') * bands);
    STATISTICS.forEach((statistic, row) => {
      // scipy gives NaN for a constant band, we give 0.
      const values = reference
        .subarray(row * bands, (row + 1) * bands)
        .map((value) => (Number.isNaN(value) ? 0 : value));
      for (let band = 0; band < bands; band++) {
        const value = statistics[descriptor][statistic][band];
        const wanted = values[band];
        const isShape = statistic === 'skew' || statistic === 'kurtosis';
        if (isShape && deviations[band] < spread) continue;
        // The shape of a normal distribution is 0, of others about 1.
        const scale = Math.max(Math.abs(wanted), isShape ? 1 : 1e-3 * largest(values));
        expect(
          Math.abs(value - wanted),
          `${statistic} of band ${band}: ${value}, not ${wanted}`,
        ).toBeLessThan(1e-3 * scale + rounding);
      }
    });
  });
});
