import { realFft } from './fft.ts';
import {
  acrossLanes,
  add,
  advance,
  constant,
  divide,
  kernel,
  load,
  maximum,
  multiply,
  set,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, copyToHeap, heap } from './wasm-memory.ts';

/** Room for stretches of up to 384 frames and as many zeros, so that their ends do not meet. */
export const SPECTRUM_SIZE = 768;
const MOST_LENGTH = SPECTRUM_SIZE / 2;
const fft = realFft(SPECTRUM_SIZE);
const stretch = allocate(SPECTRUM_SIZE);
const window = allocate(MOST_LENGTH);

/** Frames whose surroundings are brought to the heap at once. */
const BLOCK_FRAMES = 64;
const block = allocate(BLOCK_FRAMES + MOST_LENGTH);
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
    ...acrossLanes(energy, add),
    store(gain, divide(constant(1), maximum(energy, constant(TINY)))),
  ];
});

/**
 * The spectrum of an envelope around each of its frames: `length` frames with a periodic Hann window, the frame
 * in their middle, the envelope led to 0 by straight lines beyond its ends (librosa.feature.tempogram 0.11,
 * center=True).
 *
 * @param envelope At least one value.
 * @param length A multiple of four, at most 384.
 * @param visit Called once a frame, in order. The spectrum stands in `realFft(SPECTRUM_SIZE)`, and `gain` is the
 *   place of what its powers are to be multiplied by for an autocorrelation of 1 at lag 0, four times the same
 *   number; the next frame overwrites both.
 */
export function forEachLocalSpectrum(
  envelope: Float32Array,
  length: number,
  visit: (frame: number, gain: number) => void,
): void {
  const padded = withRamps(envelope, length / 2);
  const values = heap();
  values.fill(0, stretch, stretch + SPECTRUM_SIZE);
  values.set(periodicHann(length), window);
  for (let first = 0; first < envelope.length; first += BLOCK_FRAMES) {
    const frames = Math.min(BLOCK_FRAMES, envelope.length - first);
    copyToHeap(padded, first, frames + length, block);
    for (let i = 0; i < frames; i++) {
      takeStretch(4 * (block + i), 4 * (block + i + length), 4 * window, 4 * stretch, 4 * gain);
      fft.forward(stretch);
      visit(first + i, gain);
    }
  }
}

/** The window that stretches of an envelope are weighted by (scipy.signal.get_window, fftbins=True). */
export function periodicHann(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
}

/** `ramp` values more at either end, from 0 up to the first value and down from the last (numpy.pad). */
export function withRamps(envelope: Float32Array, ramp: number): Float32Array {
  const padded = new Float32Array(envelope.length + 2 * ramp);
  padded.set(envelope, ramp);
  for (let i = 0; i < ramp; i++) {
    padded[i] = (envelope[0] * i) / ramp;
    padded[padded.length - 1 - i] = (envelope[envelope.length - 1] * i) / ramp;
  }
  return padded;
}
