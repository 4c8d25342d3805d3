import { DESCRIPTORS } from './descriptors.ts';
import { keptRoom } from './kept-room.ts';
import { logarithm } from './logarithm.ts';
import { advance, kernel, load, loadSplat, maximum, set, store, whileBelow } from './wasm-kernel.ts';
import { allocate, heap } from './wasm-memory.ts';

/** librosa.power_to_db 0.11: floor of the power, and range below the loudest value of the clip. */
const LEAST_POWER = 1e-10;
const RANGE_DECIBELS = 80;
const DECIBELS = 10 / Math.LN10;

const least = allocate(4);
const BANDS = DESCRIPTORS.mel;
const room = keptRoom(BANDS);

/** Values that are brought to the heap at once: those of 32 frames. */
const BLOCK = 32 * BANDS;
const block = allocate(BLOCK);

/** Four bands a step: the powers become decibels in place. */
const toDecibels = kernel(({ parameter, vector }) => {
  const [band, end, least] = [parameter(), parameter(), parameter()];
  const value = vector();
  const { statements, result } = logarithm(value, DECIBELS, vector);
  return [
    whileBelow(
      band,
      end,
      set(value, maximum(load(band), loadSplat(least))),
      ...statements,
      store(band, result),
      advance(band, 16),
    ),
  ];
});

/**
 * The mel spectrogram in decibels (librosa.power_to_db 0.11: ref=1, amin=1e-10, top_db=80). They are clipped
 * 80 dB below the loudest band of the whole clip, so this runs after the last frame.
 *
 * @param mel frames × 128, row-major.
 * @returns The same shape, in room that the next clip takes.
 */
export function melDecibels(mel: Float32Array): Float32Array {
  let loudest = LEAST_POWER;
  for (let i = 0; i < mel.length; i++) if (mel[i] > loudest) loudest = mel[i];
  const values = heap();
  values[least] = Math.max(LEAST_POWER, loudest * 10 ** (-RANGE_DECIBELS / 10));
  const decibels = room(mel.length / BANDS);
  for (let start = 0; start < mel.length; start += BLOCK) {
    const length = Math.min(BLOCK, mel.length - start);
    values.set(mel.subarray(start, start + length), block);
    toDecibels(4 * block, 4 * (block + length), 4 * least);
    decibels.set(values.subarray(block, block + length), start);
  }
  return decibels;
}
