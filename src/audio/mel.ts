import { DESCRIPTORS, FRAME_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import { allocateGroup, STRIDE, writeGroup } from './frame-group.ts';
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
  subtract,
  whileBelow,
} from './wasm-kernel.ts';
import { allocateTable, heap } from './wasm-memory.ts';

const BANDS = DESCRIPTORS.mel;

/** Slaney's mel scale: linear below 1 kHz, logarithmic above (librosa.mel_to_hz 0.11, htk=False). */
function melToHertz(mel: number): number {
  return mel < 15 ? (200 / 3) * mel : 1000 * 6.4 ** ((mel - 15) / 27);
}

function hertzToMel(hertz: number): number {
  return hertz < 1000 ? (3 / 200) * hertz : 15 + (27 * Math.log(hertz / 1000)) / Math.log(6.4);
}

/** Corner frequencies in bins, fractional: band b rises from corner b to b + 1 and falls to b + 2. */
const corners = Float64Array.from({ length: BANDS + 2 }, (_, i) => {
  const mel = (hertzToMel(SAMPLE_RATE / 2) * i) / (BANDS + 1);
  return (melToHertz(mel) * FRAME_LENGTH) / SAMPLE_RATE;
});

/** First bin at or above each corner. */
const edges = Int32Array.from(corners, (corner) => Math.min(BINS, Math.ceil(corner)));

/** How far each bin is from the corner before it to the next, 0 to 1. */
const rises = new Float32Array(BINS);
for (let corner = 0; corner <= BANDS; corner++) {
  for (let bin = edges[corner]; bin < edges[corner + 1]; bin++) {
    rises[bin] = (bin - corners[corner]) / (corners[corner + 1] - corners[corner]);
  }
}

/** Slaney's area normalisation, 2 / bandwidth in Hz. */
const gains = Float32Array.from(
  { length: BANDS },
  (_, band) => (2 * FRAME_LENGTH) / (SAMPLE_RATE * (corners[band + 2] - corners[band])),
);

const risesPlace = allocateTable(rises);
/** For each stretch between two corners, its bins (an integer) and the gain of the band that ends with it. */
const stretches = allocateTable(new Float32Array(2 * (BANDS + 1)));
for (let corner = 0; corner <= BANDS; corner++) {
  new Int32Array(heap().buffer)[stretches + 2 * corner] = edges[corner + 1] - edges[corner];
  heap()[stretches + 2 * corner + 1] = corner === 0 ? 0 : gains[corner - 1];
}
/** One row before the first band, for the stretch in which no band ends. */
const rows = allocateGroup(BANDS + 1);

/** Between two corners one triangle falls and the next rises: one load a bin serves both. */
const sumBands = kernel(({ parameter, integer: int, vector }) => {
  const [power, rise, stretch, end, row] = [parameter(), parameter(), parameter(), parameter(), parameter()];
  const stretchEnd = int();
  const [sum, rising, before, value] = [vector(), vector(), vector(), vector()];
  return [
    whileBelow(
      stretch,
      end,
      set(sum, constant(0)),
      set(rising, constant(0)),
      set(stretchEnd, addInteger(power, multiplyInteger(loadInteger(stretch), integer(STRIDE)))),
      whileBelow(
        power,
        stretchEnd,
        set(value, load(power)),
        set(sum, add(sum, value)),
        set(rising, add(rising, multiply(value, loadSplat(rise)))),
        advance(power, STRIDE),
        advance(rise, 4),
      ),
      store(row, multiply(loadSplat(stretch, 4), add(before, subtract(sum, rising)))),
      set(before, rising),
      advance(stretch, 8),
      advance(row, STRIDE),
    ),
  ];
});

/**
 * Mel spectrogram: 128 triangular bands of the power spectrum, 0 to 11,025 Hz, without decibels
 * (librosa.feature.melspectrogram 0.11: power=2, norm='slaney').
 *
 * @param power Place of a group's powers in the heap.
 * @param mel frames × 128, row-major; the group's rows, from `frame` on, are written.
 */
export function writeMel(power: number, frame: number, mel: Float32Array): void {
  sumBands(4 * power, 4 * risesPlace, 4 * stretches, 4 * (stretches + 2 * (BANDS + 1)), 4 * rows);
  writeGroup(rows + STRIDE / 4, BANDS, frame, mel);
}
