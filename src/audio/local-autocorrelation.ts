import { realFft } from './fft.ts';
import {
  add,
  advance,
  constant,
  kernel,
  load,
  multiply,
  set,
  shuffle,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, heap } from './wasm-memory.ts';

/** Room for stretches of up to 384 frames and as many zeros, so that their ends do not meet. */
const SIZE = 768;
const fft = realFft(SIZE);
const stretch = allocate(SIZE);

/** |X|² in place, two bins a step: real part, imaginary part 0. */
const takePowers = kernel(({ parameter, vector }) => {
  const [place, end] = [parameter(), parameter()];
  const square = vector();
  return [
    whileBelow(
      place,
      end,
      set(square, multiply(load(place), load(place))),
      set(square, add(square, shuffle(square, square, [1, 0, 3, 2]))),
      store(place, shuffle(square, constant(0), [0, 4, 2, 4])),
      advance(place, 16),
    ),
  ];
});

/**
 * The autocorrelation of an envelope around each of its frames: `length` frames with a periodic Hann window,
 * the frame in their middle, the envelope led to 0 by straight lines beyond its ends. At lag 0 it is 1; where
 * the envelope is 0 throughout, it is 0. This is a row of librosa.feature.tempogram 0.11 (norm=inf).
 *
 * @param envelope At least one value.
 * @param length Even, at most 384.
 * @param visit Called once a frame, in order. Lags 0 to `length` - 1 stand in the heap from `place` on, to be
 *   multiplied by `gain`; the next frame overwrites them.
 */
export function forEachAutocorrelation(
  envelope: Float32Array,
  length: number,
  visit: (frame: number, place: number, gain: number) => void,
): void {
  const padded = withRamps(envelope, length / 2);
  const window = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
  const values = heap();
  values.fill(0, stretch, stretch + SIZE);
  for (let frame = 0; frame < envelope.length; frame++) {
    for (let i = 0; i < length; i++) values[stretch + i] = window[i] * padded[frame + i];
    fft.forward(stretch);
    // The first two places hold the real numbers of bins 0 and SIZE / 2.
    const [lowest, highest] = [values[fft.spectrum] ** 2, values[fft.spectrum + 1] ** 2];
    takePowers(4 * fft.spectrum, 4 * (fft.spectrum + SIZE));
    values[fft.spectrum] = lowest;
    values[fft.spectrum + 1] = highest;
    fft.backward();
    const energy = values[fft.signal];
    visit(frame, fft.signal, energy > 0 ? 1 / energy : 0);
  }
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
