import { DESCRIPTORS } from './descriptors.ts';
import { periodicHann, withRamps } from './local-spectrum.ts';
import {
  add,
  advance,
  constant,
  kernel,
  load,
  loadSplat,
  multiply,
  set,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, copyToHeap, heap } from './wasm-memory.ts';

/**
 * Lengths in beats: sixteenth note, dotted sixteenth, eighth triplet, eighth, dotted eighth, quarter triplet, … to
 * the whole note. They are one over the factors of librosa.feature.tempogram_ratio 0.11 (Prockup et al. 2015).
 */
const BEATS = [1 / 4, 3 / 8, 1 / 3, 1 / 2, 3 / 4, 2 / 3, 1, 3 / 2, 4 / 3, 2, 3, 8 / 3, 4];

/** Frames of the window, and so the number of lags. */
const LENGTH = DESCRIPTORS.tempogram;
const window = periodicHann(LENGTH);

/** Frames that a step of the kernel does at once, and those brought to the heap at once. */
const STEP_FRAMES = 16;
const BLOCK_FRAMES = 8 * STEP_FRAMES;
const block = allocate(BLOCK_FRAMES + LENGTH);
const products = allocate(BLOCK_FRAMES + LENGTH);
/** Energy that counts as silence, as for the tempogram. */
const TINY = 1e-30;

/** The autocorrelation at one lag; places in the heap. */
interface Lag {
  lag: number;
  /** `LENGTH` - lag weights: the window times itself, shifted. */
  weights: number;
  /** One sum a frame of the block. */
  sums: number;
}

/** At most two lags a length, and lag 0; each clip writes them anew. */
const places = Array.from({ length: 2 * BEATS.length + 1 }, () => ({
  weights: allocate(LENGTH),
  sums: allocate(BLOCK_FRAMES),
}));

/** A ratio lies between two neighbouring lags. */
interface Ratio {
  below: Lag;
  above: Lag;
  /** Of `above`; `below` has the rest. */
  share: number;
}

/** x(n) · x(n + lag). */
const multiplyShifted = kernel(({ parameter }) => {
  const [value, end, shifted, product] = [parameter(), parameter(), parameter(), parameter()];
  return [
    whileBelow(
      value,
      end,
      store(product, multiply(load(value), load(shifted))),
      advance(value, 16),
      advance(shifted, 16),
      advance(product, 16),
    ),
  ];
});

/** The weighted sum of the products from each frame on, sixteen frames side by side. */
const sumWeighted = kernel(({ parameter, integer: int, vector }) => {
  const [product, productEnd, weights, weightsEnd, result] = Array.from({ length: 5 }, parameter);
  const [place, weight] = [int(), int()];
  const factor = vector();
  const sums = Array.from({ length: STEP_FRAMES / 4 }, vector);
  return [
    whileBelow(
      product,
      productEnd,
      ...sums.map((sum) => set(sum, constant(0))),
      set(place, product),
      set(weight, weights),
      whileBelow(
        weight,
        weightsEnd,
        set(factor, loadSplat(weight)),
        ...sums.map((sum, i) => set(sum, add(sum, multiply(factor, load(place, 16 * i))))),
        advance(place, 4),
        advance(weight, 4),
      ),
      ...sums.map((sum, i) => store(result, sum, 16 * i)),
      advance(product, 4 * STEP_FRAMES),
      advance(result, 4 * STEP_FRAMES),
    ),
  ];
});

/**
 * Tempogram ratio: the tempogram at a beat's distance and at twelve fractions and multiples of it, from a
 * sixteenth note to a whole one, which is a pattern of the rhythm that the tempo does not change
 * (librosa.feature.tempogram_ratio 0.11 with `bpm` the tempo of the clip; librosa's default is a tempo for each
 * frame, by which a band means another note from frame to frame). Lengths beyond 383 frames have 0, as in librosa.
 *
 * Only the two lags around each length are computed, directly: a fraction of the whole tempogram.
 *
 * @param onsetStrength One value a frame, at least one.
 * @param beat Frames from one beat to the next, at least 4.
 * @param ratio frames × 13, row-major, all 0; written.
 */
export function writeTempogramRatio(onsetStrength: Float32Array, beat: number, ratio: Float32Array): void {
  const lags = new Map<number, Lag>();
  const energy = lagOf(0, lags);
  const ratios = BEATS.map((beats) => ratioAt(beats * beat, lags));
  const padded = withRamps(onsetStrength, LENGTH / 2);
  const values = heap();
  for (let first = 0; first < onsetStrength.length; first += BLOCK_FRAMES) {
    const frames = Math.min(BLOCK_FRAMES, onsetStrength.length - first);
    copyToHeap(padded, first, BLOCK_FRAMES + LENGTH, block);
    for (const lag of lags.values()) autocorrelate(lag, frames);
    for (let i = 0; i < frames; i++) {
      const gain = 1 / Math.max(TINY, values[energy.sums + i]);
      ratios.forEach((between, k) => {
        if (!between) return;
        const { below, above, share } = between;
        const value = (1 - share) * values[below.sums + i] + share * values[above.sums + i];
        ratio[(first + i) * BEATS.length + k] = gain * value;
      });
    }
  }
}

/** Between whole lags, librosa interpolates over beats a minute, which go with one over the lag. */
function ratioAt(lag: number, lags: Map<number, Lag>): Ratio | undefined {
  if (lag > LENGTH - 1) return undefined;
  const whole = Math.floor(lag);
  const below = lagOf(whole, lags);
  if (whole === lag) return { below, above: below, share: 0 };
  return { below, above: lagOf(whole + 1, lags), share: ((whole + 1) * (lag - whole)) / lag };
}

function lagOf(lag: number, lags: Map<number, Lag>): Lag {
  const known = lags.get(lag);
  if (known) return known;
  const added = { lag, ...places[lags.size] };
  const values = heap();
  for (let i = 0; i < LENGTH - lag; i++) values[added.weights + i] = window[i] * window[i + lag];
  lags.set(lag, added);
  return added;
}

/** The sums of the block's first `frames` frames. */
function autocorrelate({ lag, weights, sums }: Lag, frames: number): void {
  const end = 4 * (block + BLOCK_FRAMES + LENGTH - lag);
  multiplyShifted(4 * block, end, 4 * (block + lag), 4 * products);
  sumWeighted(4 * products, 4 * (products + frames), 4 * weights, 4 * (weights + LENGTH - lag), 4 * sums);
}
