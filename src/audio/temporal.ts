import { FRAME_LENGTH, HOP_LENGTH } from './descriptors.ts';
import { frameCount } from './stft.ts';
import {
  add,
  addInteger,
  advance,
  and,
  type Code,
  constant,
  exclusiveOr,
  integer,
  kernel,
  less,
  load,
  multiply,
  set,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, copyToHeap, heap } from './wasm-memory.ts';

/** Hops that a frame spans, and how many of them come before its centre. */
const FRAME_HOPS = FRAME_LENGTH / HOP_LENGTH;
const LEADING_HOPS = FRAME_HOPS / 2;
/** librosa.zero_crossings 0.11: samples up to this are zero, and zero counts as positive. */
const ZERO_THRESHOLD = 1e-10;

/** One hop's samples, behind the last sample of the hop before it. */
const LEAD = 4;
const hop = allocate(LEAD + HOP_LENGTH) + LEAD;
/** Crossings and energy, four partial sums each. */
const sums = allocate(8);

const measureHop = kernel(({ parameter, vector }) => {
  const [sample, end, result] = [parameter(), parameter(), parameter()];
  const [value, crossings, energy] = [vector(), vector(), vector()];
  const previous = load(addInteger(sample, integer(-4)));
  const isNegative = (samples: Code) => less(samples, constant(-ZERO_THRESHOLD));
  return [
    whileBelow(
      sample,
      end,
      set(value, load(sample)),
      set(energy, add(energy, multiply(value, value))),
      set(crossings, add(crossings, and(exclusiveOr(isNegative(value), isNegative(previous)), constant(1)))),
      advance(sample, 16),
    ),
    store(result, crossings),
    store(result, energy, 16),
  ];
});

/**
 * Zero-crossing rate (share of a frame's samples, edge padding) and root mean square (zero padding), frames of
 * 2,048 every 512 samples, centred (librosa.feature.zero_crossing_rate and rms 0.11).
 *
 * Frames overlap by whole hops, so both are counted once a hop and then added up, four hops a frame.
 *
 * @param zcr One value a frame, as is `rms`; both written.
 */
export function writeTemporal(signal: Float32Array, zcr: Float32Array, rms: Float32Array): void {
  const hops = Math.ceil(signal.length / HOP_LENGTH);
  const crossings = new Uint16Array(hops);
  const energies = new Float64Array(hops);
  const isNegative = (i: number) => signal[i] < -ZERO_THRESHOLD;
  const values = heap();
  for (let i = 0; i < hops; i++) {
    copyToHeap(signal, i * HOP_LENGTH, HOP_LENGTH, hop);
    values[hop - 1] = signal[Math.max(0, i * HOP_LENGTH - 1)];
    measureHop(4 * hop, 4 * (hop + HOP_LENGTH), 4 * sums);
    crossings[i] = values[sums] + values[sums + 1] + values[sums + 2] + values[sums + 3];
    energies[i] = values[sums + 4] + values[sums + 5] + values[sums + 6] + values[sums + 7];
  }
  // The zeros behind the last sample are no part of the signal.
  if (signal.length % HOP_LENGTH !== 0 && isNegative(signal.length - 1)) crossings[hops - 1]--;
  for (let frame = 0; frame < frameCount(signal.length); frame++) {
    const first = Math.max(0, frame - LEADING_HOPS);
    const end = Math.min(hops, frame + FRAME_HOPS - LEADING_HOPS);
    // A crossing into a frame's first sample belongs to the frame before; padding by the edge has none.
    const start = first * HOP_LENGTH;
    let count = first > 0 && first < end && isNegative(start - 1) !== isNegative(start) ? -1 : 0;
    let energy = 0;
    for (let i = first; i < end; i++) {
      count += crossings[i];
      energy += energies[i];
    }
    zcr[frame] = count / FRAME_LENGTH;
    rms[frame] = Math.sqrt(energy / FRAME_LENGTH);
  }
}
