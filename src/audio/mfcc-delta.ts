import { DESCRIPTORS } from './descriptors.ts';

const COEFFICIENTS = DESCRIPTORS.mfcc;
/** Frames to either side of the slope's middle (librosa.feature.delta 0.11: width=9). */
const REACH = 4;

/**
 * How fast each coefficient changes, per frame: the slope of the straight line through nine frames
 * (librosa.feature.delta 0.11: width=9, order=1, mode='interp', which gives the first and last four frames the
 * slope of the nine at that end). Of fewer than nine frames, where librosa raises an error, the line goes through
 * as many as there are, an odd number; one or two frames have 0.
 *
 * @param mfcc frames × 20, row-major.
 * @param delta The same shape; written.
 */
export function writeMfccDelta(mfcc: Float32Array, delta: Float32Array): void {
  const frames = mfcc.length / COEFFICIENTS;
  const reach = Math.min(REACH, (frames - 1) >> 1);
  // The sum of the squared distances, 2 (1 + 4 + 9 + …), is the slope's denominator.
  const squares = (reach * (reach + 1) * (2 * reach + 1)) / 3;
  for (let frame = 0; frame < frames; frame++) {
    const middle = Math.max(reach, Math.min(frames - 1 - reach, frame));
    for (let k = 0; k < COEFFICIENTS; k++) {
      let sum = 0;
      for (let step = 1; step <= reach; step++) {
        const [later, earlier] = [(middle + step) * COEFFICIENTS + k, (middle - step) * COEFFICIENTS + k];
        sum += step * (mfcc[later] - mfcc[earlier]);
      }
      delta[frame * COEFFICIENTS + k] = reach === 0 ? 0 : sum / squares;
    }
  }
}
