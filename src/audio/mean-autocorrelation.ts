import { realFft } from './fft.ts';
import { forEachLocalSpectrum, SPECTRUM_SIZE } from './local-spectrum.ts';
import { add, advance, kernel, load, multiply, set, store, whileBelow } from './wasm-kernel.ts';
import { allocate, heap } from './wasm-memory.ts';

const fft = realFft(SPECTRUM_SIZE);
const powers = allocate(SPECTRUM_SIZE);

/** Frames whose powers are summed in float32. */
const BLOCK_FRAMES = 64;

/** Real and imaginary parts are squared where they stand; they are brought together after the last frame. */
const addSquares = kernel(({ parameter, vector }) => {
  const [spectrum, end, sum, gain] = [parameter(), parameter(), parameter(), parameter()];
  const [value, scale] = [vector(), vector()];
  return [
    set(scale, load(gain)),
    whileBelow(
      spectrum,
      end,
      set(value, load(spectrum)),
      store(sum, add(load(sum), multiply(scale, multiply(value, value)))),
      advance(spectrum, 16),
      advance(sum, 16),
    ),
  ];
});

/**
 * The autocorrelation of an envelope around a frame, on average over all frames (see `forEachLocalSpectrum`).
 * Each frame counts 1 at lag 0, or 0 if there is silence around it. This is the mean over time of
 * librosa.feature.tempogram 0.11 (norm=inf).
 *
 * The mean is taken of the power spectra, so one transform back is enough for the whole clip.
 *
 * @param envelope At least one value.
 * @param length A multiple of four, at most 384.
 * @returns Lags 0 to `length` - 1.
 */
export function meanAutocorrelation(envelope: Float32Array, length: number): Float64Array {
  const sums = new Float64Array(SPECTRUM_SIZE);
  const values = heap();
  values.fill(0, powers, powers + SPECTRUM_SIZE);
  forEachLocalSpectrum(envelope, length, (frame, gain) => {
    addSquares(4 * fft.spectrum, 4 * (fft.spectrum + SPECTRUM_SIZE), 4 * powers, 4 * gain);
    if ((frame + 1) % BLOCK_FRAMES !== 0 && frame + 1 < envelope.length) return;
    for (let i = 0; i < SPECTRUM_SIZE; i++) sums[i] += values[powers + i];
    values.fill(0, powers, powers + SPECTRUM_SIZE);
  });
  // The first two places hold the real numbers of bins 0 and SPECTRUM_SIZE / 2.
  values[fft.spectrum] = sums[0];
  values[fft.spectrum + 1] = sums[1];
  for (let i = 2; i < SPECTRUM_SIZE; i += 2) {
    values[fft.spectrum + i] = sums[i] + sums[i + 1];
    values[fft.spectrum + i + 1] = 0;
  }
  fft.backward();
  const scale = 1 / (SPECTRUM_SIZE * envelope.length);
  return Float64Array.from({ length }, (_, lag) => values[fft.signal + lag] * scale);
}
