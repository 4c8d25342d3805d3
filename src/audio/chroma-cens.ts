import { BINS_PER_OCTAVE as CLASSES } from './constant-q-filters.ts';
import {
  add,
  advance,
  constant,
  integer,
  kernel,
  load,
  loadSplat,
  multiply,
  set,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, allocateTable, copyToHeap, heap } from './wasm-memory.ts';

/** librosa.feature.chroma_cens 0.11: a class has one step for each share of its frame that it exceeds. */
const SHARES = [0.4, 0.2, 0.1, 0.05];

/** Frames that the smoothing reaches to either side. */
const REACH = 20;
const SMOOTHED = 2 * REACH + 1;
/** A symmetric Hann window without its zeros. Its sum does not matter, as frames get length 1. */
const weights = allocateTable(
  Array.from({ length: SMOOTHED }, (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * (i + 1)) / (REACH + 1))),
);

/** Frames that are smoothed at once. */
const BLOCK_FRAMES = 64;
const block = allocate((BLOCK_FRAMES + 2 * REACH) * CLASSES);
const rows = allocate(BLOCK_FRAMES * CLASSES);
const ROW_BYTES = 4 * CLASSES;

const smoothRows = kernel(({ parameter, integer: int, vector }) => {
  const [first, row, end] = [parameter(), parameter(), parameter()];
  const [steps, weight, factor] = [int(), int(), vector()];
  const sums = Array.from({ length: CLASSES / 4 }, vector);
  return [
    whileBelow(
      row,
      end,
      ...sums.map((sum) => set(sum, constant(0))),
      set(steps, first),
      set(weight, integer(4 * weights)),
      whileBelow(
        weight,
        integer(4 * (weights + SMOOTHED)),
        set(factor, loadSplat(weight)),
        ...sums.map((sum, i) => set(sum, add(sum, multiply(factor, load(steps, 16 * i))))),
        advance(steps, ROW_BYTES),
        advance(weight, 4),
      ),
      ...sums.map((sum, i) => store(row, sum, 16 * i)),
      advance(first, ROW_BYTES),
      advance(row, ROW_BYTES),
    ),
  ];
});

/**
 * Chroma energy normalised statistics: each class's share of the frame in five steps, smoothed over 41 frames
 * (1 s), each frame then of length 1 (librosa.feature.chroma_cens 0.11; Müller & Ewert 2011). Silence has 0.
 *
 * @param chroma frames × 12, row-major, of `writeChromaCqt`.
 * @param cens frames × 12, row-major; written.
 */
export function writeChromaCens(chroma: Float32Array, cens: Float32Array): void {
  const steps = stepsOf(chroma);
  const frames = steps.length / CLASSES;
  for (let frame = 0; frame < frames; frame += BLOCK_FRAMES) {
    const count = Math.min(BLOCK_FRAMES, frames - frame);
    copyToHeap(steps, (frame - REACH) * CLASSES, (count + 2 * REACH) * CLASSES, block);
    smoothRows(4 * block, 4 * rows, 4 * rows + count * ROW_BYTES);
    cens.set(heap().subarray(rows, rows + count * CLASSES), frame * CLASSES);
  }
  for (let row = 0; row < cens.length; row += CLASSES) {
    let squares = 0;
    for (let i = row; i < row + CLASSES; i++) squares += cens[i] ** 2;
    if (squares === 0) continue;
    const length = Math.sqrt(squares);
    for (let i = row; i < row + CLASSES; i++) cens[i] /= length;
  }
}

/** How many of the shares each class exceeds, 0 to 4. */
function stepsOf(chroma: Float32Array): Float32Array {
  const steps = new Float32Array(chroma.length);
  for (let row = 0; row < chroma.length; row += CLASSES) {
    let total = 0;
    for (let i = row; i < row + CLASSES; i++) total += chroma[i];
    for (let i = row; i < row + CLASSES; i++) {
      for (const share of SHARES) if (chroma[i] > share * total) steps[i]++;
    }
  }
  return steps;
}
