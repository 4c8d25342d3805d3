import { FRAME_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import { GROUP, STRIDE } from './frame-group.ts';
import { medianInPlace } from './median.ts';
import { BINS } from './stft.ts';
import {
  addInteger,
  advance,
  and,
  atLeast,
  constant,
  differs,
  greater,
  integer,
  kernel,
  load,
  maximum,
  multiply,
  multiplyInteger,
  set,
  signBits,
  storeWhole,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, heap } from './wasm-memory.ts';

/** librosa.piptrack 0.11: fmin, fmax in bins, and the share of a frame's maximum that a peak must exceed. */
const FIRST_BIN = Math.ceil((150 * FRAME_LENGTH) / SAMPLE_RATE);
const END_BIN = Math.ceil((4000 * FRAME_LENGTH) / SAMPLE_RATE);
const PEAK_SHARE = 0.1;

/** librosa.estimate_tuning 0.11: the histogram has steps of a hundredth of a semitone. */
const STEPS = 100;
const SEMITONES = 12;
const A440 = 440;

/** A clip's spectral peaks. */
export interface Peaks {
  count: number;
  /** Pitch in bins and interpolated height of each; grown where a clip has more of them. */
  pitches: Float32Array;
  heights: Float32Array;
}

/** Of each bin with a peak, two integers: the bin, and which of the four frames have one there, a bit each. 0 ends them. */
const found = allocate(2 * (END_BIN - FIRST_BIN) + 2);

const findMaxima = kernel(({ parameter, integer: int, vector }) => {
  const [spectrum, end, before, last, result] = Array.from({ length: 5 }, parameter);
  const [place, bin, lanes, value, threshold] = [int(), int(), int(), vector(), vector()];
  return [
    set(place, spectrum),
    whileBelow(place, end, set(threshold, maximum(threshold, load(place))), advance(place, STRIDE)),
    set(threshold, multiply(threshold, constant(PEAK_SHARE))),
    set(bin, integer(FIRST_BIN)),
    whileBelow(
      before,
      last,
      set(value, load(before, STRIDE)),
      set(
        lanes,
        signBits(
          and(greater(value, maximum(threshold, load(before))), atLeast(value, load(before, 2 * STRIDE))),
        ),
      ),
      // Whether there is a peak cannot be foreseen: a branch would cost more than a store too many.
      storeWhole(result, bin),
      storeWhole(addInteger(result, integer(4)), lanes),
      set(result, addInteger(result, multiplyInteger(differs(lanes, integer(0)), integer(8)))),
      advance(before, STRIDE),
      advance(bin, 1),
    ),
    storeWhole(result, integer(0)),
  ];
});

export function noPeaks(): Peaks {
  return { count: 0, pitches: new Float32Array(1 << 16), heights: new Float32Array(1 << 16) };
}

/**
 * Finds a group's local maxima and refines each by the parabola through its neighbours (librosa.piptrack 0.11;
 * of powers, as chroma_stft has it, or of magnitudes, as librosa.cqt has it).
 *
 * @param spectrum Place of the group's powers or magnitudes in the heap.
 * @param frames How many of the four frames count.
 */
export function addPeaks(spectrum: number, frames: number, peaks: Peaks): void {
  const before = 4 * spectrum + (FIRST_BIN - 1) * STRIDE;
  findMaxima(
    4 * spectrum,
    4 * spectrum + BINS * STRIDE,
    before,
    before + (END_BIN - FIRST_BIN) * STRIDE,
    4 * found,
  );
  if (peaks.count + GROUP * (END_BIN - FIRST_BIN) > peaks.pitches.length) grow(peaks);
  const values = heap();
  const integers = new Int32Array(values.buffer, 4 * found, 2 * (END_BIN - FIRST_BIN) + 2);
  for (let i = 0; integers[i] !== 0; i += 2) {
    const [bin, lanes] = [integers[i], integers[i + 1]];
    for (let lane = 0; lanes >> lane !== 0 && lane < frames; lane++) {
      if ((lanes >> lane) & 1) addPeak(values, spectrum + GROUP * bin + lane, bin, peaks);
    }
  }
}

function addPeak(values: Float32Array, place: number, bin: number, peaks: Peaks): void {
  const value = values[place];
  const below = values[place - GROUP];
  const above = values[place + GROUP];
  const slope = (above - below) / 2;
  const curvature = above + below - 2 * value;
  const shift = Math.abs(slope) >= Math.abs(curvature) ? 0 : -slope / curvature;
  peaks.pitches[peaks.count] = bin + shift;
  peaks.heights[peaks.count++] = value + 0.5 * slope * shift;
}

function grow(peaks: Peaks): void {
  const { pitches, heights } = peaks;
  peaks.pitches = new Float32Array(2 * pitches.length);
  peaks.heights = new Float32Array(2 * heights.length);
  peaks.pitches.set(pitches);
  peaks.heights.set(heights);
}

/**
 * How far a clip's tuning is from A = 440 Hz, in hundredths of a semitone, -50 to 49: the most frequent
 * deviation among the stronger half of all spectral peaks (librosa.estimate_tuning 0.11). 0 without any peak.
 */
export function estimateTuning({ count, pitches, heights }: Peaks): number {
  if (count === 0) return 0;
  const threshold = medianInPlace(heights.slice(0, count));
  const histogram = new Uint32Array(STEPS);
  for (let i = 0; i < count; i++) {
    if (heights[i] < threshold) continue;
    const semitones = SEMITONES * Math.log2((pitches[i] * SAMPLE_RATE) / (FRAME_LENGTH * A440));
    // A deviation of half a semitone or more belongs to the semitone above.
    const deviation = semitones - Math.floor(semitones + 0.5);
    histogram[Math.min(STEPS - 1, Math.floor((deviation + 0.5) * STEPS))]++;
  }
  return histogram.indexOf(Math.max(...histogram)) - STEPS / 2;
}
