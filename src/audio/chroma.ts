import { DESCRIPTORS, FRAME_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import { allocateGroup, GROUP, STRIDE, writeGroup } from './frame-group.ts';
import { BINS } from './stft.ts';
import {
  add,
  addInteger,
  advance,
  constant,
  integer,
  kernel,
  load,
  loadInteger,
  loadSplat,
  multiply,
  multiplyInteger,
  set,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, heap } from './wasm-memory.ts';

const CLASSES = DESCRIPTORS.chroma_stft;
/** librosa.filters.chroma 0.11: octave at the centre of the weighting, and its width. */
const CENTRE_OCTAVE = 5;
const OCTAVE_WIDTH = 2;
/** Weights below this are left out: they change a chroma value by less than 1e-4 of the frame's greatest. */
const LEAST_WEIGHT = 1e-6;
/** Least positive normal float32: librosa.util.normalize leaves smaller rows as they are. */
const TINY = 2 ** -126;

/**
 * Filter banks as the kernel reads them, by tuning: at most a hundred, one for each step of the estimate.
 *
 * For each pitch class: how many runs of neighbouring bins it has (an integer), then for each run its first
 * bin's offset in bytes, its pairs of bins (integers), and the weights (floats).
 */
const filterBanks = new Map<number, Float32Array>();

/** A bank has up to all weights, and runs of at least one pair. */
const tablePlace = allocate(CLASSES * (1 + 2 * BINS));
const rows = allocateGroup(CLASSES);

/** Two sums, so that an addition need not wait for the one before it. */
const project = kernel(({ parameter, integer: int, vector }) => {
  const [powers, table, result, end] = [parameter(), parameter(), parameter(), parameter()];
  const [entry, place, runs, run, pairsEnd] = [int(), int(), int(), int(), int()];
  const [even, odd] = [vector(), vector()];
  return [
    set(entry, table),
    whileBelow(
      result,
      end,
      set(even, constant(0)),
      set(odd, constant(0)),
      set(runs, loadInteger(entry)),
      set(run, integer(0)),
      advance(entry, 4),
      whileBelow(
        run,
        runs,
        set(place, addInteger(powers, loadInteger(entry))),
        set(pairsEnd, addInteger(place, multiplyInteger(loadInteger(entry, 4), integer(2 * STRIDE)))),
        advance(entry, 8),
        whileBelow(
          place,
          pairsEnd,
          set(even, add(even, multiply(loadSplat(entry), load(place)))),
          set(odd, add(odd, multiply(loadSplat(entry, 4), load(place, STRIDE)))),
          advance(place, 2 * STRIDE),
          advance(entry, 8),
        ),
        advance(run, 1),
      ),
      store(result, add(even, odd)),
      advance(result, STRIDE),
    ),
  ];
});

/**
 * Chroma: power of the 12 pitch classes, C first, each frame divided by its greatest
 * (librosa.feature.chroma_stft 0.11: norm=inf). A silent frame is all 0.
 *
 * @param spectra Place in the heap of the powers of all groups, one after the other, and of one more finite bin.
 * @param tuning Of `estimateTuning`, in hundredths of a semitone.
 * @param chroma frames × 12, row-major; written.
 */
export function writeChroma(spectra: number, tuning: number, chroma: Float32Array): void {
  const bank = filterBanks.get(tuning) ?? chromaFilters(tuning / 100);
  filterBanks.set(tuning, bank);
  const values = heap();
  values.set(bank, tablePlace);
  for (let frame = 0; frame * CLASSES < chroma.length; frame += GROUP) {
    project(4 * (spectra + frame * BINS), 4 * tablePlace, 4 * rows, 4 * rows + CLASSES * STRIDE);
    writeGroup(rows, CLASSES, frame, chroma);
  }
  normaliseChroma(chroma);
}

/** Divides each frame by its greatest value (librosa.util.normalize 0.11: norm=inf). */
export function normaliseChroma(chroma: Float32Array): void {
  for (let row = 0; row < chroma.length; row += CLASSES) {
    let greatest = 0;
    for (let i = row; i < row + CLASSES; i++) greatest = Math.max(greatest, chroma[i]);
    if (greatest < TINY) continue;
    for (let i = row; i < row + CLASSES; i++) chroma[i] /= greatest;
  }
}

/**
 * Gaussian bumps around each pitch class, one semitone wide or as wide as the bin (librosa.filters.chroma 0.11).
 *
 * @param tuning Semitones, -0.5 to 0.5.
 */
function chromaFilters(tuning: number): Float32Array {
  const lowestA = (440 * 2 ** (tuning / CLASSES)) / 16;
  const semitones = Float64Array.from(
    { length: BINS + 1 },
    (_, bin) => CLASSES * Math.log2((bin * SAMPLE_RATE) / (FRAME_LENGTH * lowestA)),
  );
  // 0 Hz has no pitch: librosa puts it one and a half octaves below the first bin.
  semitones[0] = semitones[1] - 1.5 * CLASSES;
  const weights = Array.from({ length: CLASSES }, () => new Float64Array(BINS));
  for (let bin = 0; bin < BINS; bin++) {
    const width = Math.max(semitones[bin + 1] - semitones[bin], 1);
    const octave = semitones[bin] / CLASSES;
    const gain = Math.exp(-0.5 * ((octave - CENTRE_OCTAVE) / OCTAVE_WIDTH) ** 2);
    const bumps = weights.map((_, pitch) => {
      // librosa counts from A; C is three classes on.
      const distance = wrap(semitones[bin] - ((pitch + 3) % CLASSES));
      return Math.exp(-0.5 * ((2 * distance) / width) ** 2);
    });
    const norm = Math.sqrt(bumps.reduce((sum, bump) => sum + bump * bump, 0));
    for (let pitch = 0; pitch < CLASSES; pitch++) weights[pitch][bin] = (gain * bumps[pitch]) / norm;
  }
  return withoutZeros(weights);
}

/** Into -6 to 6 semitones. */
function wrap(semitones: number): number {
  return semitones - CLASSES * Math.floor(semitones / CLASSES + 0.5);
}

function withoutZeros(weights: Float64Array[]): Float32Array {
  const table = new Float32Array(CLASSES * (1 + 2 * BINS));
  const integers = new Int32Array(table.buffer);
  let end = 0;
  for (const row of weights) {
    const runs = end++;
    for (let bin = 0; bin < BINS; bin++) {
      if (row[bin] < LEAST_WEIGHT) continue;
      const header = end;
      integers[runs]++;
      integers[header] = bin * STRIDE;
      end += 2;
      for (; bin < BINS && row[bin] >= LEAST_WEIGHT; bin += 2) {
        integers[header + 1]++;
        table[end++] = row[bin];
        table[end++] = row[bin + 1] ?? 0;
      }
    }
  }
  return table.slice(0, end);
}
