import { allocateGroup, GROUP, STRIDE } from './frame-group.ts';
import { BINS } from './stft.ts';
import {
  add,
  addBits,
  advance,
  and,
  bitsToFloat,
  constant,
  constantBits,
  kernel,
  load,
  maximum,
  multiply,
  or,
  set,
  shiftRight,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { heap } from './wasm-memory.ts';

/** librosa.feature.spectral_flatness 0.11: amin. */
const LEAST_POWER = 1e-10;

// The bits of a float32.
const MANTISSA = 0x7fffff;
const MANTISSA_BITS = 23;
const EXPONENT_OF_ONE = 127;
const ONE = EXPONENT_OF_ONE << MANTISSA_BITS;

/** Pairs of bins; the last one, of 1,025, goes alone. */
const PAIRS = (BINS - 1) / 2;

/** Sum of a group's powers, mantissa of their product (1 to 2), and its exponent. */
const rows = allocateGroup(3);

/**
 * Multiplies all powers. The product's exponent is taken off after every step, so it cannot overflow (samples
 * are at most 2^16, so two powers stay below 2^108), and one logarithm a frame is left to take.
 */
const multiplyPowers = kernel(({ parameter, vector }) => {
  const [power, end, result] = [parameter(), parameter(), parameter()];
  const [first, second, sum, product, exponent] = Array.from({ length: 5 }, vector);
  const takeExponent = [
    set(exponent, addBits(exponent, shiftRight(product, MANTISSA_BITS))),
    set(product, or(and(product, constantBits(MANTISSA)), constantBits(ONE))),
  ];
  return [
    set(product, constant(1)),
    whileBelow(
      power,
      end,
      set(first, maximum(load(power), constant(LEAST_POWER))),
      set(second, maximum(load(power, STRIDE), constant(LEAST_POWER))),
      set(sum, add(sum, add(first, second))),
      set(product, multiply(product, multiply(first, second))),
      ...takeExponent,
      advance(power, 2 * STRIDE),
    ),
    set(first, maximum(load(power), constant(LEAST_POWER))),
    set(product, multiply(product, first)),
    ...takeExponent,
    store(result, add(sum, first)),
    store(result, product, STRIDE),
    store(result, bitsToFloat(exponent), 2 * STRIDE),
  ];
});

/**
 * Spectral flatness, 0 to 1: geometric over arithmetic mean of the powers
 * (librosa.feature.spectral_flatness 0.11: power=2). A silent frame has 1.
 *
 * @param power Place of a group's powers in the heap; the group's frames, from `frame` on, are written.
 */
export function writeSpectralFlatness(power: number, frame: number, flatness: Float32Array): void {
  multiplyPowers(4 * power, 4 * power + 2 * PAIRS * STRIDE, 4 * rows);
  const values = heap();
  for (let lane = 0; lane < GROUP; lane++) {
    const exponent = values[rows + 2 * GROUP + lane] - EXPONENT_OF_ONE * (PAIRS + 1);
    const logarithm = Math.log(values[rows + GROUP + lane]) + exponent * Math.LN2;
    // Rounding can take equal powers past 1.
    flatness[frame + lane] = Math.min(1, (Math.exp(logarithm / BINS) * BINS) / values[rows + lane]);
  }
}
