import { allocateGroup, GROUP, STRIDE } from './frame-group.ts';
import { BINS } from './stft.ts';
import {
  add,
  advance,
  constant,
  kernel,
  load,
  maximum,
  set,
  shuffle,
  store,
  subtract,
  whileBelow,
} from './wasm-kernel.ts';
import { heap } from './wasm-memory.ts';

/** The magnitudes of the group before: its last frame comes before the first of the next. */
const before = allocateGroup(BINS);
const row = allocateGroup(1);

const sumRises = kernel(({ parameter, vector }) => {
  const [magnitude, end, previous, result] = [parameter(), parameter(), parameter(), parameter()];
  const [value, sum] = [vector(), vector()];
  return [
    whileBelow(
      magnitude,
      end,
      set(value, load(magnitude)),
      set(sum, add(sum, maximum(constant(0), subtract(value, shuffle(load(previous), value, [3, 4, 5, 6]))))),
      store(previous, value),
      advance(magnitude, STRIDE),
      advance(previous, STRIDE),
    ),
    store(result, sum),
  ];
});

/**
 * Spectral flux: how much each bin's magnitude grew since the frame before, falls counted as 0, summed over the
 * bins (Dixon, "Onset detection revisited", DAFx-06, pp. 133-137). The first frame has 0.
 *
 * @param magnitude Place of a group's magnitudes in the heap; the group's frames, from `frame` on, are written.
 *   Groups come in order, as each is compared with the one before.
 */
export function writeSpectralFlux(magnitude: number, frame: number, flux: Float32Array): void {
  sumRises(4 * magnitude, 4 * magnitude + BINS * STRIDE, 4 * before, 4 * row);
  flux.set(heap().subarray(row, row + Math.min(GROUP, flux.length - frame)), frame);
  // What was left there by another clip is none of this one's business.
  if (frame === 0) flux[0] = 0;
}
