import { DESCRIPTORS } from './descriptors.ts';
import {
  add,
  advance,
  bitsToFloat,
  type Code,
  constant,
  constantBits,
  divide,
  kernel,
  load,
  loadSplat,
  maximum,
  multiply,
  set,
  shiftLeft,
  shiftRight,
  store,
  subtract,
  subtractBits,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, allocateTable, heap } from './wasm-memory.ts';

const COEFFICIENTS = DESCRIPTORS.mfcc;
const BANDS = DESCRIPTORS.mel;

/** librosa.power_to_db 0.11: floor of the power, and range below the loudest value of the clip. */
const LEAST_POWER = 1e-10;
const RANGE_DECIBELS = 80;
const DECIBELS = 10 / Math.LN10;

/** Orthonormal DCT-II (scipy.fft.dct, norm='ortho'), 128 × 20, row-major. */
const cosines = allocateTable(
  Float32Array.from({ length: BANDS * COEFFICIENTS }, (_, i) => {
    const [band, k] = [Math.floor(i / COEFFICIENTS), i % COEFFICIENTS];
    return Math.sqrt((k === 0 ? 1 : 2) / BANDS) * Math.cos((Math.PI * (band + 0.5) * k) / BANDS);
  }),
);
const least = allocate(4);
const bands = allocate(BANDS);
const coefficients = allocate(COEFFICIENTS);

/** Bits of the float32 √½: counted from it, an exponent leaves mantissas of 0.71 to 1.41. */
const ROOT_HALF_BITS = 0x3f3504f3;

/** Four bands a step: the powers become decibels in place. ln(m) = 2 artanh((m - 1)/(m + 1)), to 1e-8. */
const toDecibels = kernel(({ parameter, vector }) => {
  const [band, end, least] = [parameter(), parameter(), parameter()];
  const [value, exponent, quotient, square] = [vector(), vector(), vector(), vector()];
  const series = [9, 7, 5, 3].reduce<Code>(
    (sum, n) => multiply(square, add(constant(1 / n), sum)),
    constant(0),
  );
  const logarithm = add(
    multiply(bitsToFloat(exponent), constant(Math.LN2 * DECIBELS)),
    multiply(multiply(quotient, constant(2 * DECIBELS)), add(constant(1), series)),
  );
  return [
    whileBelow(
      band,
      end,
      set(value, maximum(load(band), loadSplat(least))),
      set(exponent, shiftRight(subtractBits(value, constantBits(ROOT_HALF_BITS)), 23)),
      set(value, subtractBits(value, shiftLeft(exponent, 23))),
      set(quotient, divide(subtract(value, constant(1)), add(value, constant(1)))),
      set(square, multiply(quotient, quotient)),
      store(band, logarithm),
      advance(band, 16),
    ),
  ];
});

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
 * n_mfcc=20, dct_type=2, norm='ortho', lifter=0). The decibels are clipped 80 dB below the loudest band of the
 * whole clip, so this runs after the last frame.
 *
 * @param mel frames × 128, row-major.
 * @param mfcc frames × 20, row-major; written.
 */
export function writeMfcc(mel: Float32Array, mfcc: Float32Array): void {
  let loudest = LEAST_POWER;
  for (let i = 0; i < mel.length; i++) if (mel[i] > loudest) loudest = mel[i];
  const values = heap();
  values[least] = Math.max(LEAST_POWER, loudest * 10 ** (-RANGE_DECIBELS / 10));
  for (let frame = 0; frame * BANDS < mel.length; frame++) {
    values.set(mel.subarray(frame * BANDS, (frame + 1) * BANDS), bands);
    toDecibels(4 * bands, 4 * (bands + BANDS), 4 * least);
    transform(4 * bands, 4 * (bands + BANDS), 4 * cosines, 4 * coefficients);
    for (let k = 0; k < COEFFICIENTS; k++) mfcc[frame * COEFFICIENTS + k] = values[coefficients + k];
  }
}
