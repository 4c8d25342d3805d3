import { DESCRIPTORS, FRAME_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import { allocateGroup, GROUP, STRIDE, writeGroup } from './frame-group.ts';
import { power } from './logarithm.ts';
import {
  add,
  addInteger,
  advance,
  and,
  type Code,
  constant,
  divide,
  greater,
  integer,
  kernel,
  load,
  loadSplat,
  maximum,
  multiply,
  set,
  store,
  subtract,
  whileBelow,
} from './wasm-kernel.ts';
import { allocateTable, heap } from './wasm-memory.ts';

/** Meyda has no Nyquist bin: its spectra are half as long as its frames. */
const MEYDA_BINS = FRAME_LENGTH / 2;
const BARK_BANDS = DESCRIPTORS.specific_loudness;
/** Specific loudness is band amplitude to this power. */
const LOUDNESS_EXPONENT = 0.23;
/** First band (from 0) that Meyda's sharpness weights exponentially. */
const SHARP_BAND = 15;

/** Where the values go; each `Float32Array` has one value a frame, but for the specific loudness. */
export interface PerceptualSeries {
  loudness: Float32Array;
  sharpness: Float32Array;
  spread: Float32Array;
  /** frames × 24, row-major; may be left out. */
  specific_loudness?: Float32Array;
}

/** Bark of a bin (Meyda 5.6.3, createBarkScale). */
function bark(bin: number): number {
  const hertz = (bin * SAMPLE_RATE) / FRAME_LENGTH;
  return 13 * Math.atan(hertz / 1315.8) + 3.5 * Math.atan((hertz / 7518) ** 2);
}

/** First bin of each band, and the end of the last: Meyda's equal cuts of the Bark scale, last bin left out. */
const limits = new Int32Array(BARK_BANDS + 1);
for (let bin = 0, band = 1; bin < MEYDA_BINS; bin++) {
  while (bark(bin) > (band * bark(MEYDA_BINS - 1)) / BARK_BANDS) limits[band++] = bin;
}
limits[BARK_BANDS] = MEYDA_BINS - 1;

/** Meyda pairs the weight of a lower band with the loudness of the band above it. */
const weights = allocateTable(
  Float32Array.from({ length: BARK_BANDS }, (_, band) => (band <= SHARP_BAND ? band : 0)),
);
// Meyda's sum over the upper bands lacks the specific loudness, so it is a constant.
let sharpBands = 0;
for (let band = SHARP_BAND; band < BARK_BANDS; band++) sharpBands += 0.066 * Math.exp(0.171 * (band + 1));

const sums = allocateGroup(BARK_BANDS);
/** Loudness, sharpness and spread of a group. */
const rows = allocateGroup(3);

const sumBands = kernel(({ parameter, integer: int, vector }) => {
  const [magnitude, result] = [parameter(), parameter()];
  const [place, sum] = [int(), vector()];
  return Array.from({ length: BARK_BANDS }, (_, band) => [
    set(sum, constant(0)),
    set(place, addInteger(magnitude, integer(limits[band] * STRIDE))),
    whileBelow(
      place,
      addInteger(magnitude, integer(limits[band + 1] * STRIDE)),
      set(sum, add(sum, load(place))),
      advance(place, STRIDE),
    ),
    store(result, sum, band * STRIDE),
  ]).flat();
});

const measure = kernel(({ parameter, vector }) => {
  const [band, end, weight, result] = [parameter(), parameter(), parameter(), parameter()];
  const [sum, specific, total, greatest, weighted, rest] = Array.from({ length: 6 }, vector);
  const { statements, result: loudness } = power(sum, LOUDNESS_EXPONENT, vector);
  const whereLoud = (value: Code) => and(value, greater(total, constant(0)));
  return [
    set(weighted, constant(sharpBands)),
    whileBelow(
      band,
      end,
      set(sum, load(band)),
      ...statements,
      set(specific, loudness),
      store(band, specific),
      set(total, add(total, specific)),
      set(greatest, maximum(greatest, specific)),
      set(weighted, add(weighted, multiply(specific, loadSplat(weight)))),
      advance(band, STRIDE),
      advance(weight, 4),
    ),
    set(rest, divide(subtract(total, greatest), total)),
    store(result, total),
    store(result, whereLoud(divide(multiply(constant(0.11), weighted), total)), STRIDE),
    store(result, whereLoud(multiply(rest, rest)), 2 * STRIDE),
  ];
});

/**
 * Specific loudness (of each of 24 Bark bands), loudness (their total), perceptual sharpness and perceptual spread
 * as Meyda 5.6.3 defines them, of our magnitude spectrum. Meyda's own functions give the same values, but each
 * finds the bands and their loudness anew for every frame. A silent frame, where Meyda gives infinity and NaN, has 0
 * for all.
 *
 * @param magnitude Place of a group's magnitudes in the heap; the group's frames, from `frame` on, are written.
 */
export function writePerceptual(magnitude: number, frame: number, series: PerceptualSeries): void {
  sumBands(4 * magnitude, 4 * sums);
  measure(4 * sums, 4 * sums + BARK_BANDS * STRIDE, 4 * weights, 4 * rows);
  const values = heap();
  for (let lane = 0; lane < GROUP; lane++) {
    series.loudness[frame + lane] = values[rows + lane];
    series.sharpness[frame + lane] = values[rows + GROUP + lane];
    series.spread[frame + lane] = values[rows + 2 * GROUP + lane];
  }
  if (series.specific_loudness) writeGroup(sums, BARK_BANDS, frame, series.specific_loudness);
}
