import {
  add,
  advance,
  and,
  constant,
  equal,
  kernel,
  load,
  loadSplat,
  maximum,
  minimum,
  multiply,
  set,
  store,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, copyToHeap, heap } from './wasm-memory.ts';

/** Samples are bounded by this, so that no power or moment of a float file can overflow. Full scale is 1. */
const LARGEST_SAMPLE = 2 ** 16;

/** Most samples that are mixed at once, and room for those of one channel. */
const BLOCK_LENGTH = 8192;
const channelPlace = allocate(BLOCK_LENGTH);
const gainPlace = allocate(4);

const addChannel = kernel(({ parameter }) => {
  const [channel, sum, end] = [parameter(), parameter(), parameter()];
  return [
    whileBelow(sum, end, store(sum, add(load(sum), load(channel))), advance(sum, 16), advance(channel, 16)),
  ];
});

const scaleAndBound = kernel(({ parameter, vector }) => {
  const [sample, end, gain] = [parameter(), parameter(), parameter()];
  const value = vector();
  return [
    whileBelow(
      sample,
      end,
      set(value, multiply(load(sample), loadSplat(gain))),
      // Only NaN is not equal to itself.
      set(value, and(value, equal(value, value))),
      store(sample, maximum(constant(-LARGEST_SAMPLE), minimum(constant(LARGEST_SAMPLE), value))),
      advance(sample, 16),
    ),
  ];
});

/**
 * Writes the mean of the channels, `length` samples from `start` on, to the heap. Samples outside of the
 * channels are 0, as is NaN, which float files can hold; greater ones than 65,536 are cut to that.
 *
 * @param length A multiple of four.
 * @param place Index in the heap.
 */
export function mixDown(channels: Float32Array[], start: number, length: number, place: number): void {
  for (let done = 0; done < length; done += BLOCK_LENGTH) {
    mixBlock(channels, start + done, Math.min(BLOCK_LENGTH, length - done), place + done);
  }
}

function mixBlock(channels: Float32Array[], start: number, length: number, place: number): void {
  copyToHeap(channels[0], start, length, place);
  for (let i = 1; i < channels.length; i++) {
    copyToHeap(channels[i], start, length, channelPlace);
    addChannel(4 * channelPlace, 4 * place, 4 * (place + length));
  }
  heap()[gainPlace] = 1 / channels.length;
  scaleAndBound(4 * place, 4 * (place + length), 4 * gainPlace);
}
