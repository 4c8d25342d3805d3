import { DESCRIPTORS } from './descriptors.ts';
import { add, advance, kernel, load, loadSplat, multiply, set, store, whileBelow } from './wasm-kernel.ts';
import { allocate, allocateTable, heap } from './wasm-memory.ts';

const COEFFICIENTS = DESCRIPTORS.mfcc;
const BANDS = DESCRIPTORS.mel;

/** Orthonormal DCT-II (scipy.fft.dct, norm='ortho'), 128 × 20, row-major. */
const cosines = allocateTable(
  Float32Array.from({ length: BANDS * COEFFICIENTS }, (_, i) => {
    const [band, k] = [Math.floor(i / COEFFICIENTS), i % COEFFICIENTS];
    return Math.sqrt((k === 0 ? 1 : 2) / BANDS) * Math.cos((Math.PI * (band + 0.5) * k) / BANDS);
  }),
);
const bands = allocate(BANDS);
const coefficients = allocate(COEFFICIENTS);

const transform = kernel(({ parameter, vector }) => {
  const [band, end, cosine, result] = [parameter(), parameter(), parameter(), parameter()];
  const value = vector();
  const sums = Array.from({ length: COEFFICIENTS / 4 }, vector);
  return [
    whileBelow(
      band,
      end,
      set(value, loadSplat(band)),
      ...sums.map((sum, i) => set(sum, add(sum, multiply(value, load(cosine, 16 * i))))),
      advance(band, 4),
      advance(cosine, 4 * COEFFICIENTS),
    ),
    ...sums.map((sum, i) => store(result, sum, 16 * i)),
  ];
});

/**
 * Mel frequency cepstral coefficients: DCT of the mel spectrogram in decibels (librosa.feature.mfcc 0.11:
 * n_mfcc=20, dct_type=2, norm='ortho', lifter=0).
 *
 * @param decibels frames × 128, row-major.
 * @param mfcc frames × 20, row-major; written.
 */
export function writeMfcc(decibels: Float32Array, mfcc: Float32Array): void {
  const values = heap();
  for (let frame = 0; frame * BANDS < decibels.length; frame++) {
    values.set(decibels.subarray(frame * BANDS, (frame + 1) * BANDS), bands);
    transform(4 * bands, 4 * (bands + BANDS), 4 * cosines, 4 * coefficients);
    for (let k = 0; k < COEFFICIENTS; k++) mfcc[frame * COEFFICIENTS + k] = values[coefficients + k];
  }
}
