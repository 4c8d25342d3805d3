import { GROUP } from './frame-group.ts';
import { MOST_KEPT_FRAMES } from './kept-room.ts';
import { BINS } from './stft.ts';
import { allocate } from './wasm-memory.ts';

let place = 0;
let room = 0;

/**
 * Room in the heap for the powers of a clip, and for one bin behind them; the next clip uses it again. The heap gives
 * nothing back, so the room for half of what is kept comes first and that for all of it only where a clip needs it.
 *
 * @param frames MOST_KEPT_FRAMES at most.
 * @returns Its place, with finite values in it.
 */
export function spectraRoom(frames: number): number {
  if (frames > room) {
    room = frames <= MOST_KEPT_FRAMES / 2 ? MOST_KEPT_FRAMES / 2 : MOST_KEPT_FRAMES;
    place = allocate(room * BINS + GROUP);
  }
  return place;
}
