import { FRAME_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import { allocateGroup, GROUP, STRIDE } from './frame-group.ts';
import { BINS } from './stft.ts';
import {
  add,
  advance,
  and,
  constant,
  divide,
  kernel,
  less,
  load,
  maximum,
  multiply,
  set,
  sqrt,
  store,
  subtract,
  whileBelow,
} from './wasm-kernel.ts';
import { heap } from './wasm-memory.ts';

const HERTZ_PER_BIN = SAMPLE_RATE / FRAME_LENGTH;
const ROLLOFF_SHARE = 0.85;
/** Divisor of silent frames, whose sums are all 0. */
const TINY = 1e-30;

/** Where the values go; each `Float32Array` has one value a frame. */
export interface SpectralShapeSeries {
  spectral_centroid: Float32Array;
  spectral_bandwidth: Float32Array;
  spectral_rolloff: Float32Array;
}

/** Centroid, bandwidth and rolloff of a group, in bins. */
const rows = allocateGroup(3);

const measure = kernel(({ parameter, integer, vector }) => {
  const [magnitudes, end, result] = [parameter(), parameter(), parameter()];
  const place = integer();
  const [magnitude, bin, total, centroid, distance, spread] = Array.from({ length: 6 }, vector);
  const [sum, threshold, rolloff] = [vector(), vector(), vector()];
  return [
    set(place, magnitudes),
    whileBelow(
      place,
      end,
      set(magnitude, load(place)),
      set(total, add(total, magnitude)),
      set(centroid, add(centroid, multiply(magnitude, bin))),
      set(bin, add(bin, constant(1))),
      advance(place, STRIDE),
    ),
    set(threshold, multiply(total, constant(ROLLOFF_SHARE))),
    set(total, maximum(total, constant(TINY))),
    set(centroid, divide(centroid, total)),
    // The distance from the centroid to bin 0, 1, …
    set(distance, subtract(constant(0), centroid)),
    whileBelow(
      magnitudes,
      end,
      set(magnitude, load(magnitudes)),
      set(spread, add(spread, multiply(magnitude, multiply(distance, distance)))),
      set(distance, add(distance, constant(1))),
      // The rolloff is the first bin whose sum reaches the threshold: as many bins are before it.
      set(sum, add(sum, magnitude)),
      set(rolloff, add(rolloff, and(less(sum, threshold), constant(1)))),
      advance(magnitudes, STRIDE),
    ),
    store(result, centroid),
    store(result, sqrt(divide(spread, total)), STRIDE),
    store(result, rolloff, 2 * STRIDE),
  ];
});

/**
 * Centroid, bandwidth (p=2) and rolloff (85 %) in Hz of the magnitude spectrum
 * (librosa.feature.spectral_centroid, _bandwidth and _rolloff 0.11). A silent frame has 0 for all three.
 *
 * @param magnitude Place of a group's magnitudes in the heap; the group's frames, from `frame` on, are written.
 */
export function writeSpectralShape(magnitude: number, frame: number, series: SpectralShapeSeries): void {
  measure(4 * magnitude, 4 * magnitude + BINS * STRIDE, 4 * rows);
  const values = heap();
  for (let lane = 0; lane < GROUP; lane++) {
    series.spectral_centroid[frame + lane] = values[rows + lane] * HERTZ_PER_BIN;
    series.spectral_bandwidth[frame + lane] = values[rows + GROUP + lane] * HERTZ_PER_BIN;
    series.spectral_rolloff[frame + lane] = values[rows + 2 * GROUP + lane] * HERTZ_PER_BIN;
  }
}
