/** Room for this many frames, 95 s of sound, stays from clip to clip. */
export const MOST_KEPT_FRAMES = 4096;

/**
 * Room for what a clip needs only while it is analysed. It stays for the next clip, unless the clip is a long one:
 * the first write to fresh memory costs more than the value that is written.
 *
 * @param bands Values a frame.
 * @returns A function that gives the room for a number of frames, with whatever the last clip left there.
 */
export function keptRoom(bands: number): (frames: number) => Float32Array {
  let kept = new Float32Array(0);
  return (frames) => {
    const length = frames * bands;
    if (frames > MOST_KEPT_FRAMES) return new Float32Array(length);
    if (kept.length < length) kept = new Float32Array(length);
    return kept.subarray(0, length);
  };
}
