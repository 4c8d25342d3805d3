import { realFft } from './fft.ts';
import {
  add,
  advance,
  constant,
  divide,
  kernel,
  load,
  maximum,
  multiply,
  set,
  shuffle,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, copyToHeap, heap } from './wasm-memory.ts';

/** Room for stretches of up to 384 frames and as many zeros, so that their ends do not meet. */
const SIZE = 768;
const MOST_LENGTH = SIZE / 2;
const fft = realFft(SIZE);
const stretch = allocate(SIZE);
const window = allocate(MOST_LENGTH);

/** Frames whose surroundings are brought to the heap at once, and whose powers are summed in float32. */
const BLOCK_FRAMES = 64;
const block = allocate(BLOCK_FRAMES + MOST_LENGTH);
const powers = allocate(SIZE);
/** One over the energy of the stretch, four times. */
const gain = allocate(4);
/** Energy that counts as silence: the gain stays finite. */
const TINY = 1e-30;

const takeStretch = kernel(({ parameter, vector }) => {
  const [value, end, weight, result, gain] = Array.from({ length: 5 }, parameter);
  const [weighted, energy] = [vector(), vector()];
  return [
    whileBelow(
      value,
      end,
      set(weighted, multiply(load(value), load(weight))),
      set(energy, add(energy, multiply(weighted, weighted))),
      store(result, weighted),
      advance(value, 16),
      advance(weight, 16),
      advance(result, 16),
    ),
    set(energy, add(energy, shuffle(energy, energy, [2, 3, 0, 1]))),
    set(energy, add(energy, shuffle(energy, energy, [1, 0, 3, 2]))),
    store(gain, divide(constant(1), maximum(energy, constant(TINY)))),
  ];
});

/** Real and imaginary parts are squared where they stand; they are brought together after the last frame. */
const addSquares = kernel(({ parameter, vector }) => {
  const [spectrum, end, sum, gain] = [parameter(), parameter(), parameter(), parameter()];
  const [value, scale] = [vector(), vector()];
  return [
    set(scale, load(gain)),
    whileBelow(
      spectrum,
      end,
      set(value, load(spectrum)),
      store(sum, add(load(sum), multiply(scale, multiply(value, value)))),
      advance(spectrum, 16),
      advance(sum, 16),
    ),
  ];
});

/**
 * The autocorrelation of an envelope around a frame, on average over all frames: of `length` frames with a
 * periodic Hann window, the frame in their middle, the envelope led to 0 by straight lines beyond its ends.
 * Each frame counts 1 at lag 0, or 0 if there is silence around it. This is the mean over time of
 * librosa.feature.tempogram 0.11 (norm=inf).
 *
 * The mean is taken of the power spectra, so one transform back is enough for the whole clip.
 *
 * @param envelope At least one value.
 * @param length A multiple of four, at most 384.
 * @returns Lags 0 to `length` - 1.
 */
export function meanAutocorrelation(envelope: Float32Array, length: number): Float64Array {
  const padded = withRamps(envelope, length / 2);
  const sums = new Float64Array(SIZE);
  const values = heap();
  values.fill(0, stretch, stretch + SIZE);
  for (let i = 0; i < length; i++) values[window + i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length);
  for (let first = 0; first < envelope.length; first += BLOCK_FRAMES) {
    const frames = Math.min(BLOCK_FRAMES, envelope.length - first);
    copyToHeap(padded, first, frames + length, block);
    values.fill(0, powers, powers + SIZE);
    for (let place = block; place < block + frames; place++) {
      takeStretch(4 * place, 4 * (place + length), 4 * window, 4 * stretch, 4 * gain);
      fft.forward(stretch);
      addSquares(4 * fft.spectrum, 4 * (fft.spectrum + SIZE), 4 * powers, 4 * gain);
    }
    for (let i = 0; i < SIZE; i++) sums[i] += values[powers + i];
  }
  // The first two places hold the real numbers of bins 0 and SIZE / 2.
  values[fft.spectrum] = sums[0];
  values[fft.spectrum + 1] = sums[1];
  for (let i = 2; i < SIZE; i += 2) {
    values[fft.spectrum + i] = sums[i] + sums[i + 1];
    values[fft.spectrum + i + 1] = 0;
  }
  fft.backward();
  const scale = 1 / (SIZE * envelope.length);
  return Float64Array.from({ length }, (_, lag) => values[fft.signal + lag] * scale);
}

/** `ramp` values more at either end, from 0 up to the first value and down from the last (numpy.pad). */
function withRamps(envelope: Float32Array, ramp: number): Float32Array {
  const padded = new Float32Array(envelope.length + 2 * ramp);
  padded.set(envelope, ramp);
  for (let i = 0; i < ramp; i++) {
    padded[i] = (envelope[0] * i) / ramp;
    padded[padded.length - 1 - i] = (envelope[envelope.length - 1] * i) / ramp;
  }
  return padded;
}
