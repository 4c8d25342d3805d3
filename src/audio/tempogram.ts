import { DESCRIPTORS } from './descriptors.ts';
import { realFft } from './fft.ts';
import { forEachLocalSpectrum, SPECTRUM_SIZE } from './local-spectrum.ts';
import {
  add,
  advance,
  constant,
  kernel,
  load,
  multiply,
  set,
  shuffle,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { heap } from './wasm-memory.ts';

/** librosa.feature.tempogram 0.11: win_length, in frames; 8.9 s. */
const LAGS = DESCRIPTORS.tempogram;
const fft = realFft(SPECTRUM_SIZE);

/** The powers of two bins a step, in place: real part, imaginary part 0. The transform back does not scale. */
const takePowers = kernel(({ parameter, vector }) => {
  const [place, end, gain] = [parameter(), parameter(), parameter()];
  const [square, scale] = [vector(), vector()];
  return [
    set(scale, multiply(load(gain), constant(1 / SPECTRUM_SIZE))),
    whileBelow(
      place,
      end,
      set(square, multiply(scale, multiply(load(place), load(place)))),
      set(square, add(square, shuffle(square, square, [1, 0, 3, 2]))),
      store(place, shuffle(square, constant(0), [0, 4, 2, 4])),
      advance(place, 16),
    ),
  ];
});

/**
 * Tempogram: how much the onset strength around a frame is like itself some frames later, 1 at lag 0
 * (librosa.feature.tempogram 0.11: win_length=384, center=True, window='hann', norm=inf). Where there is no
 * onset in 8.9 s, all is 0.
 *
 * @param onsetStrength One value a frame, at least one.
 * @param tempogram frames × 384 lags, row-major; written.
 */
export function writeTempogram(onsetStrength: Float32Array, tempogram: Float32Array): void {
  const values = heap();
  forEachLocalSpectrum(onsetStrength, LAGS, (frame, gain) => {
    // The first two places hold the real numbers of bins 0 and SPECTRUM_SIZE / 2.
    const scale = values[gain] / SPECTRUM_SIZE;
    const lowest = scale * values[fft.spectrum] ** 2;
    const highest = scale * values[fft.spectrum + 1] ** 2;
    takePowers(4 * fft.spectrum, 4 * (fft.spectrum + SPECTRUM_SIZE), 4 * gain);
    values[fft.spectrum] = lowest;
    values[fft.spectrum + 1] = highest;
    fft.backward();
    tempogram.set(values.subarray(fft.signal, fft.signal + LAGS), frame * LAGS);
    // 1, or 0 in silence, without the transforms' rounding.
    tempogram[frame * LAGS] = Math.round(values[fft.signal]);
  });
}
