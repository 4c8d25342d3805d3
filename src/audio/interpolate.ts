import { SAMPLE_RATE } from './descriptors.ts';
import { kaiserHalfLength, kaiserSinc } from './kaiser.ts';
import {
  add,
  addInteger,
  advance,
  constant,
  integer,
  kernel,
  load,
  multiply,
  set,
  shuffle,
  storeFirst,
  subtractInteger,
  whenNotBelow,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, copyToHeap, heap } from './wasm-memory.ts';

/**
 * A polyphase filter bank for a signal that ends at 11,025 Hz but has samples at a rate of at least 44.1 kHz.
 * Output i lies at i · step / phases of those samples.
 */
export interface Interpolation {
  step: number;
  phases: number;
  /** Taps of a phase, a multiple of four; half of them lie before the output or at it. */
  count: number;
  /** phases × count, row-major. */
  taps: Float32Array;
}

/** Outputs of one call of the kernel, and room for the samples below them, at no more than 4 · 22,050 Hz. */
const BLOCK_LENGTH = 2048;
const outputs = allocate(BLOCK_LENGTH);
const samples = allocate(4 * BLOCK_LENGTH + 64);
/** Room for the bank in use; a larger one takes new room. */
let bank = { place: 0, length: 0 };

/** Dot products of samples and taps. After each, both move on, and the taps begin anew where they end. */
const filter = kernel(({ parameter, integer: int, vector }) => {
  const [output, outputEnd, sample, sampleStep] = [parameter(), parameter(), parameter(), parameter()];
  const [row, rowStep, rowBytes, bankEnd, bankBytes] = Array.from({ length: 5 }, parameter);
  const [place, tap, rowEnd, sum] = [int(), int(), int(), vector()];
  const pairs = add(sum, shuffle(sum, sum, [2, 3, 2, 3]));
  return [
    whileBelow(
      output,
      outputEnd,
      set(sum, constant(0)),
      set(place, sample),
      set(tap, row),
      set(rowEnd, addInteger(row, rowBytes)),
      whileBelow(
        tap,
        rowEnd,
        set(sum, add(sum, multiply(load(place), load(tap)))),
        advance(place, 16),
        advance(tap, 16),
      ),
      set(sum, pairs),
      storeFirst(output, add(sum, shuffle(sum, sum, [1, 1, 1, 1]))),
      set(sample, addInteger(sample, sampleStep)),
      set(row, addInteger(row, rowStep)),
      whenNotBelow(
        row,
        bankEnd,
        set(row, subtractInteger(row, bankBytes)),
        set(sample, addInteger(sample, integer(4))),
      ),
      advance(output, 4),
    ),
  ];
});

/** @param rate Of the samples, in Hz. */
export function makeInterpolation(rate: number): Interpolation {
  const divisor = greatestCommonDivisor(rate, SAMPLE_RATE);
  const phases = SAMPLE_RATE / divisor;
  // The signal's first image starts as far below `rate` as the signal ends above 0.
  const halfLength = kaiserHalfLength((rate - SAMPLE_RATE) / rate);
  const count = 4 * Math.ceil(halfLength / 2);
  const taps = new Float32Array(phases * count);
  for (let phase = 0; phase < phases; phase++) {
    for (let tap = 0; tap < count; tap++) {
      const offset = tap - (count / 2 - 1) - phase / phases;
      taps[phase * count + tap] = kaiserSinc(offset, 0.5, halfLength);
    }
  }
  return { step: rate / divisor, phases, count, taps };
}

/** How many samples from before the start the filter needs. */
export function leadOf({ count }: Interpolation): number {
  return count / 2 - 1;
}

/** Outputs that can be computed from `samples` samples, `leadOf` of which lie before the start. */
export function outputsFrom(samples: number, { step, phases, count }: Interpolation): number {
  return Math.max(0, Math.ceil(((samples - count + 1) * phases) / step));
}

/**
 * Computes up to 2,048 outputs.
 *
 * @param dense Samples from `start` on, the first of all being the first of the lead.
 * @param first Number of the first output; those before it need not be kept.
 * @returns A view of the heap, good until the next call.
 */
export function interpolate(
  dense: Float32Array,
  start: number,
  interpolation: Interpolation,
  first: number,
  length: number,
): Float32Array {
  const { step, phases, count, taps } = interpolation;
  const block = Math.min(BLOCK_LENGTH, length);
  const place = putBank(taps);
  const rowBytes = 4 * count;
  const whole = firstSampleOf(first, interpolation);
  const phase = first * step - whole * phases;
  copyToHeap(dense, whole - start, Math.ceil((block * step) / phases) + count + 1, samples);
  filter(
    4 * outputs,
    4 * (outputs + block),
    4 * samples,
    4 * Math.floor(step / phases),
    4 * place + phase * rowBytes,
    (step % phases) * rowBytes,
    rowBytes,
    4 * place + phases * rowBytes,
    phases * rowBytes,
  );
  return heap().subarray(outputs, outputs + block);
}

/** The first sample that an output needs. */
export function firstSampleOf(output: number, { step, phases }: Interpolation): number {
  return Math.floor((output * step) / phases);
}

function putBank(taps: Float32Array): number {
  if (taps.length > bank.length) bank = { place: allocate(taps.length), length: taps.length };
  heap().set(taps, bank.place);
  return bank.place;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
