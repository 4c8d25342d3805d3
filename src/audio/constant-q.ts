import { BINS_PER_OCTAVE, constantQFilters, FILTER_LENGTH, OCTAVES } from './constant-q-filters.ts';
import { HOP_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import { resample } from './resample.ts';
import { frameCount } from './stft.ts';
import {
  add,
  addInteger,
  advance,
  type Code,
  constant,
  integer,
  kernel,
  load,
  loadSplat,
  multiply,
  set,
  sqrt,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, copyToHeap, heap } from './wasm-memory.ts';

/** Bins of the transform, a semitone apart, C1 to B7. */
export const CONSTANT_Q_BINS = OCTAVES * BINS_PER_OCTAVE;

/** The weights of one sample, and the magnitudes of one frame. */
const WEIGHT_BYTES = 4 * 2 * BINS_PER_OCTAVE;
const ROW_BYTES = 4 * BINS_PER_OCTAVE;
const VECTORS = BINS_PER_OCTAVE / 4;

/** Frames whose samples are brought to the heap at once, an even number of them. */
const BLOCK_FRAMES = 64;
const block = allocate((BLOCK_FRAMES - 1) * HOP_LENGTH + FILTER_LENGTH);
const rows = allocate(BLOCK_FRAMES * BINS_PER_OCTAVE);
const filters = 4 * allocate(FILTER_LENGTH * 2 * BINS_PER_OCTAVE);
/** What an octave's magnitudes are multiplied by. */
const gain = allocate(1);

/** Two frames at once, so that each weight is read once for both. */
const filterFrames = kernel(({ parameter, integer: int, vector }) => {
  const [first, hop, row, end] = [parameter(), parameter(), parameter(), parameter()];
  const [second, sample, weight] = [int(), int(), int()];
  const sums = Array.from({ length: 2 }, () => Array.from({ length: 2 * VECTORS }, vector));
  const [samples, weights] = [[vector(), vector()], vector()];
  const magnitude = (real: Code, imaginary: Code) =>
    multiply(sqrt(add(multiply(real, real), multiply(imaginary, imaginary))), loadSplat(integer(4 * gain)));
  return [
    whileBelow(
      row,
      end,
      ...sums.flat().map((sum) => set(sum, constant(0))),
      set(sample, first),
      set(second, addInteger(first, hop)),
      set(weight, integer(filters)),
      whileBelow(
        weight,
        integer(filters + FILTER_LENGTH * WEIGHT_BYTES),
        set(samples[0], loadSplat(sample)),
        set(samples[1], loadSplat(second)),
        ...Array.from({ length: 2 * VECTORS }, (_, i) => [
          set(weights, load(weight, 16 * i)),
          ...sums.map((sum, frame) => set(sum[i], add(sum[i], multiply(weights, samples[frame])))),
        ]).flat(),
        advance(sample, 4),
        advance(second, 4),
        advance(weight, WEIGHT_BYTES),
      ),
      ...sums.flatMap((sum, frame) =>
        Array.from({ length: VECTORS }, (_, i) =>
          store(row, magnitude(sum[i], sum[VECTORS + i]), frame * ROW_BYTES + 16 * i),
        ),
      ),
      set(first, addInteger(addInteger(first, hop), hop)),
      advance(row, 2 * ROW_BYTES),
    ),
  ];
});

/**
 * Magnitudes of the constant-Q transform: 84 bins a semitone apart, frames every 512 samples, centred with zero
 * padding (librosa.cqt 0.11: hop_length=512, n_bins=84, bins_per_octave=12; Schörkhuber & Klapuri 2010).
 *
 * The highest octave is filtered first; then the signal's rate is halved, and the same filters give the octave
 * below.
 *
 * @param signal At 22,050 Hz.
 * @param tuning In hundredths of a semitone, -50 to 49.
 * @returns frames × 84, row-major, C1 first.
 */
export function constantQ(signal: Float32Array, tuning: number): Float32Array {
  const magnitudes = new Float32Array(frameCount(signal.length) * CONSTANT_Q_BINS);
  heap().set(constantQFilters(tuning), filters / 4);
  let halved = signal;
  for (let octave = OCTAVES - 1; octave >= 0; octave--) {
    const halvings = OCTAVES - 1 - octave;
    // A halving keeps a signal's energy (librosa.resample 0.11: scale=True).
    heap()[gain] = 2 ** (halvings / 2);
    writeOctave(halved, HOP_LENGTH >> halvings, octave, magnitudes);
    if (octave > 0) halved = resample([halved], 2 * SAMPLE_RATE);
  }
  return magnitudes;
}

function writeOctave(signal: Float32Array, hop: number, octave: number, magnitudes: Float32Array): void {
  const frames = magnitudes.length / CONSTANT_Q_BINS;
  for (let frame = 0; frame < frames; frame += BLOCK_FRAMES) {
    const count = Math.min(BLOCK_FRAMES, frames - frame);
    const even = 2 * Math.ceil(count / 2);
    copyToHeap(signal, frame * hop - FILTER_LENGTH / 2, (even - 1) * hop + FILTER_LENGTH, block);
    filterFrames(4 * block, 4 * hop, 4 * rows, 4 * rows + even * ROW_BYTES);
    const values = heap();
    for (let i = 0; i < count; i++) {
      const row = (frame + i) * CONSTANT_Q_BINS + octave * BINS_PER_OCTAVE;
      for (let bin = 0; bin < BINS_PER_OCTAVE; bin++)
        magnitudes[row + bin] = values[rows + i * BINS_PER_OCTAVE + bin];
    }
  }
}
