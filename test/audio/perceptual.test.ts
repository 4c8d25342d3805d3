import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { analyseSignal } from '../../src/audio/analyse.ts';
import { PRESETS } from '../../src/audio/descriptors.ts';

interface Spectrum {
  ampSpectrum: Float32Array;
  barkScale: Float32Array;
}

// Single extractors of Meyda come without types.
const require = createRequire(import.meta.url);
const extractors = 'meyda/dist/node/extractors';
const loudness: (spectrum: Spectrum) => { total: number; specific: Float32Array } = require(
  `${extractors}/loudness.js`,
);
const perceptualSharpness: (spectrum: Spectrum) => number = require(`${extractors}/perceptualSharpness.js`);
const perceptualSpread: (spectrum: Spectrum) => number = require(`${extractors}/perceptualSpread.js`);
const utilities: {
  createBarkScale(length: number, sampleRate: number, frameLength: number): Float32Array;
} = require('meyda/dist/node/utilities.js');

const FRAME = 2048;

/** |X| of one frame by the definition of the transform, bins 0 to 1,023 as Meyda has them. */
function magnitudes(signal: Float32Array, start: number): Float32Array {
  const windowed = Float64Array.from({ length: FRAME }, (_, n) => {
    const sample = signal[start + n] ?? 0;
    return sample * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME));
  });
  return Float32Array.from({ length: FRAME / 2 }, (_, bin) => {
    let real = 0;
    let imaginary = 0;
    for (let n = 0; n < FRAME; n++) {
      const angle = (2 * Math.PI * ((bin * n) % FRAME)) / FRAME;
      real += windowed[n] * Math.cos(angle);
      imaginary -= windowed[n] * Math.sin(angle);
    }
    return Math.hypot(real, imaginary);
  });
}

test('loudness of each band and of all, sharpness and spread are what Meyda gives for the same spectra', () => {
  let state = 3;
  const signal = Float32Array.from({ length: 8192 }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 0.3 * Math.sin(i * i * 2e-5) + (0.1 * state) / 2 ** 32;
  });
  const series = analyseSignal(signal, PRESETS.full);
  const barkScale = utilities.createBarkScale(FRAME / 2, 22_050, FRAME);
  for (let frame = 0; frame < series.frames; frame++) {
    const ampSpectrum = magnitudes(signal, frame * 512 - FRAME / 2);
    const spectrum = { ampSpectrum, barkScale };
    const { total, specific } = loudness(spectrum);
    expect(series.loudness[frame] / total).toBeCloseTo(1, 5);
    specific.forEach((value, band) => {
      expect(series.specific_loudness[24 * frame + band] / value).toBeCloseTo(1, 5);
    });
    expect(series.sharpness[frame] / perceptualSharpness(spectrum)).toBeCloseTo(1, 5);
    expect(series.spread[frame] / perceptualSpread(spectrum)).toBeCloseTo(1, 5);
  }
});

test('a silent frame has 0 for all of them', () => {
  const series = analyseSignal(new Float32Array(4096), PRESETS.full);
  expect([series.loudness[3], series.sharpness[3], series.spread[3]]).toEqual([0, 0, 0]);
  expect(series.specific_loudness.subarray(3 * 24, 4 * 24).every((value) => value === 0)).toBe(true);
});
