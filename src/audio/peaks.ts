import {
  absolute,
  acrossLanes,
  advance,
  constant,
  kernel,
  load,
  maximum,
  set,
  storeFirst,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, copyToHeap, heap } from './wasm-memory.ts';

/**
 * Most peaks of a track. A seek bar is some hundred to a thousand pixels wide, and as JSON they are 4 kB at most;
 * halving never leaves less than 513 of them, unless the track is shorter than 1.5 s.
 */
const MOST_PEAKS = 1024;

/** Samples of the shortest stretch (2.9 ms); a peak is of this times a power of two. */
const SHORTEST = 64;

/** Samples that are brought to the heap at once. */
const BLOCK_LENGTH = 16_384;
const block = allocate(BLOCK_LENGTH);
const greatest = allocate(BLOCK_LENGTH / SHORTEST);

/** How loud a track is over time, as far as its samples have come. */
export interface Waveform {
  /** Samples so far. */
  samples: number;
  /** How often the stretch of a peak was doubled. */
  doublings: number;
  /** Greatest absolute amplitude of each stretch. */
  amplitudes: Float32Array;
}

const takeGreatest = kernel(({ parameter, vector }) => {
  const [sample, end, result] = [parameter(), parameter(), parameter()];
  const most = vector();
  return [
    whileBelow(
      sample,
      end,
      set(most, constant(0)),
      ...Array.from({ length: SHORTEST / 4 }, (_, place) =>
        set(most, maximum(most, absolute(load(sample, 16 * place)))),
      ),
      ...acrossLanes(most, maximum),
      storeFirst(result, most),
      advance(sample, 4 * SHORTEST),
      advance(result, 4),
    ),
  ];
});

export function noWaveform(): Waveform {
  return { samples: 0, doublings: 0, amplitudes: new Float32Array(MOST_PEAKS) };
}

/**
 * Adds the next samples of a track, a block of any length. How a track is cut into blocks changes nothing.
 *
 * @param samples Mono, finite.
 */
export function addToWaveform(samples: Float32Array, waveform: Waveform): void {
  // The zeros that copyToHeap puts before the first sample and behind the last are greater than none.
  const lead = waveform.samples % SHORTEST;
  for (let start = -lead; start < samples.length; start += BLOCK_LENGTH) {
    const stretches = Math.ceil(Math.min(BLOCK_LENGTH, samples.length - start) / SHORTEST);
    copyToHeap(samples, start, stretches * SHORTEST, block);
    takeGreatest(4 * block, 4 * (block + stretches * SHORTEST), 4 * greatest);
    merge(heap().subarray(greatest, greatest + stretches), (waveform.samples + start) / SHORTEST, waveform);
  }
  waveform.samples += samples.length;
}

/** @param first Number of the shortest stretch that the first value is of. */
function merge(values: Float32Array, first: number, waveform: Waveform): void {
  const { amplitudes } = waveform;
  while ((first + values.length - 1) >> waveform.doublings >= MOST_PEAKS) double(waveform);
  for (let i = 0; i < values.length; i++) {
    const place = (first + i) >> waveform.doublings;
    if (values[i] > amplitudes[place]) amplitudes[place] = values[i];
  }
}

/** Makes one stretch of each two. */
function double(waveform: Waveform): void {
  const { amplitudes } = waveform;
  for (let i = 0; i < MOST_PEAKS / 2; i++) {
    amplitudes[i] = Math.max(amplitudes[2 * i], amplitudes[2 * i + 1]);
  }
  amplitudes.fill(0, MOST_PEAKS / 2);
  waveform.doublings++;
}

/**
 * The peaks of a track: the greatest absolute amplitude of each stretch, in 255ths of full scale, 255 also for what
 * is above it. Stretches are 64 samples times the least power of two that makes them 1,024 at most; the last may be
 * shorter.
 */
export function peaksOf({ samples, doublings, amplitudes }: Waveform): Uint8Array {
  const count = Math.ceil(samples / (SHORTEST << doublings));
  return Uint8Array.from(amplitudes.subarray(0, count), (amplitude) =>
    Math.min(255, Math.round(255 * amplitude)),
  );
}
