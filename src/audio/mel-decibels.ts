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
import { allocate, heap } from './wasm-memory.ts';

const BANDS = DESCRIPTORS.mel;

/** librosa.power_to_db 0.11: floor of the power, and range below the loudest value of the clip. */
const LEAST_POWER = 1e-10;
const RANGE_DECIBELS = 80;
const DECIBELS = 10 / Math.LN10;

const least = allocate(4);
const bands = allocate(BANDS);

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

/**
 * The mel spectrogram in decibels (librosa.power_to_db 0.11: ref=1, amin=1e-10, top_db=80). They are clipped
 * 80 dB below the loudest band of the whole clip, so this runs after the last frame.
 *
 * @param mel frames × 128, row-major.
 * @returns The same shape.
 */
export function melDecibels(mel: Float32Array): Float32Array {
  let loudest = LEAST_POWER;
  for (let i = 0; i < mel.length; i++) if (mel[i] > loudest) loudest = mel[i];
  const values = heap();
  values[least] = Math.max(LEAST_POWER, loudest * 10 ** (-RANGE_DECIBELS / 10));
  const decibels = new Float32Array(mel.length);
  for (let row = 0; row < mel.length; row += BANDS) {
    values.set(mel.subarray(row, row + BANDS), bands);
    toDecibels(4 * bands, 4 * (bands + BANDS), 4 * least);
    decibels.set(values.subarray(bands, bands + BANDS), row);
  }
  return decibels;
}
