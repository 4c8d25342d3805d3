import { DESCRIPTORS, FRAME_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import { allocateGroup, STRIDE, writeGroup } from './frame-group.ts';
import { BINS } from './stft.ts';
import {
  add,
  addInteger,
  advance,
  anyBit,
  constant,
  greater,
  integer,
  kernel,
  less,
  load,
  maximum,
  minimum,
  multiply,
  set,
  store,
  subtractInteger,
  when,
  whileBelow,
} from './wasm-kernel.ts';

const BANDS = DESCRIPTORS.spectral_contrast;
/** librosa.feature.spectral_contrast 0.11: fmin, quantile; power_to_db: amin, top_db. */
const LOWEST_EDGE_HERTZ = 200;
const QUANTILE = 0.02;
const LEAST = 1e-10;
const RANGE_DECIBELS = 80;
const DECIBELS = 10 / Math.LN10;

interface Band {
  /** Bins [start, end). */
  start: number;
  end: number;
  /** How many of the weakest and strongest bins are averaged. */
  count: number;
}

/** 0-200 Hz, 200-400, … 3,200-6,400, and the rest. */
const bands: Band[] = Array.from({ length: BANDS }, (_, k) => {
  const hertz = (edge: number) => (edge === 0 ? 0 : LOWEST_EDGE_HERTZ * 2 ** (edge - 1));
  const bin = (frequency: number) => (frequency * FRAME_LENGTH) / SAMPLE_RATE;
  const last = k === BANDS - 1;
  // librosa takes the bin just below each band in, and counts the top bin that all but the last band drop.
  const start = k === 0 ? 0 : Math.ceil(bin(hertz(k))) - 1;
  const end = last ? BINS : Math.floor(bin(hertz(k + 1)));
  const counted = end - start + (last ? 0 : 1);
  return { start, end, count: Math.max(1, Math.round(QUANTILE * counted)) };
});

/** Means of a group's strongest and weakest bins. */
const peakRows = allocateGroup(BANDS);
const valleyRows = allocateGroup(BANDS);

/**
 * The kernel that keeps a band's strongest bins in order, or its weakest. A bin that displaces one of them, in
 * any of the four frames, goes down the whole order, in all four. Spectra fall with frequency: strongest first
 * from below and weakest first from above means that few bins do.
 */
function extremesKernel(strongest: boolean): (magnitude: number, result: number) => void {
  return kernel(({ parameter, integer: int, vector }) => {
    const [magnitude, result] = [parameter(), parameter()];
    const [step, value, displaced] = [int(), vector(), vector()];
    const order = Array.from({ length: Math.max(...bands.map((band) => band.count)) }, vector);
    const [outer, inner] = strongest ? [maximum, minimum] : [minimum, maximum];
    return bands.flatMap(({ start, end, count }, k) => {
      const kept = order.slice(0, count);
      const last = kept[count - 1];
      const place = strongest
        ? addInteger(magnitude, addInteger(step, integer(start * STRIDE)))
        : subtractInteger(addInteger(magnitude, integer((end - 1) * STRIDE)), step);
      const sum = kept.reduce((total, extreme) => add(total, extreme));
      return [
        ...kept.map((extreme) => set(extreme, constant(strongest ? 0 : Number.MAX_VALUE))),
        set(step, integer(0)),
        whileBelow(
          step,
          integer((end - start) * STRIDE),
          set(value, load(place)),
          when(
            anyBit(strongest ? greater(value, last) : less(value, last)),
            ...kept.flatMap((extreme) => [
              set(displaced, inner(extreme, value)),
              set(extreme, outer(extreme, value)),
              set(value, displaced),
            ]),
          ),
          advance(step, STRIDE),
        ),
        store(result, multiply(sum, constant(1 / count)), k * STRIDE),
      ];
    });
  });
}

const findStrongest = extremesKernel(true);
const findWeakest = extremesKernel(false);

/**
 * First half of the spectral contrast: mean of the strongest and of the weakest 2 % of each band's magnitudes.
 * Decibels need the whole clip and come last, in `writeSpectralContrast`.
 *
 * @param magnitude Place of a group's magnitudes in the heap.
 * @param peaks frames × 7, row-major; the group's rows, from `frame` on, are written, and likewise in `valleys`.
 */
export function writeExtremes(
  magnitude: number,
  frame: number,
  peaks: Float32Array,
  valleys: Float32Array,
): void {
  findStrongest(4 * magnitude, 4 * peakRows);
  findWeakest(4 * magnitude, 4 * valleyRows);
  writeGroup(peakRows, BANDS, frame, peaks);
  writeGroup(valleyRows, BANDS, frame, valleys);
}

/**
 * Spectral contrast in decibels, peak over valley (librosa.feature.spectral_contrast 0.11: n_bands=6,
 * linear=False). As power_to_db does, peaks and valleys are each clipped 80 dB below the greatest of the whole
 * clip and all bands.
 *
 * @param peaks frames × 7, row-major, of `writeExtremes`, as are `valleys`.
 * @param contrast frames × 7, row-major; written.
 */
export function writeSpectralContrast(
  peaks: Float32Array,
  valleys: Float32Array,
  contrast: Float32Array,
): void {
  const leastPeak = clippingLevel(peaks);
  const leastValley = clippingLevel(valleys);
  for (let i = 0; i < contrast.length; i++) {
    contrast[i] = DECIBELS * Math.log(Math.max(leastPeak, peaks[i]) / Math.max(leastValley, valleys[i]));
  }
}

function clippingLevel(values: Float32Array): number {
  let greatest = LEAST;
  for (let i = 0; i < values.length; i++) if (values[i] > greatest) greatest = values[i];
  return Math.max(LEAST, greatest * 10 ** (-RANGE_DECIBELS / 10));
}
