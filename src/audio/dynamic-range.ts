import { HOP_LENGTH, SAMPLE_RATE } from './descriptors.ts';

/** EBU Tech 3342, §3: stretches of 3 s, two gates (powers), and the percentiles that the range lies between. */
const WINDOW = Math.round((3 * SAMPLE_RATE) / HOP_LENGTH);
const ABSOLUTE_GATE = 10 ** (-70 / 10);
const RELATIVE_GATE = 10 ** (-20 / 10);
const LOW = 0.1;
const HIGH = 0.95;

/**
 * Dynamic range in dB: by how much the loud passages of a clip are louder than the soft ones. It is the loudness
 * range of EBU Tech 3342, but of the plain level where that has loudness (which weights frequencies): of the
 * levels of all stretches of 3 s, those above -70 dB of full scale and no more than 20 dB below their mean, the
 * distance from the 10th to the 95th percentile. A clip of one stretch or less, or of silence, has 0.
 *
 * @param rms One value a frame.
 */
export function dynamicRange(rms: Float32Array): number {
  const powers = shortTermPowers(rms).filter((power) => power > ABSOLUTE_GATE);
  const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length;
  const gated = powers.filter((power) => power > mean * RELATIVE_GATE).sort();
  if (gated.length === 0) return 0;
  const percentile = (share: number) => gated[Math.round((gated.length - 1) * share)];
  return 10 * Math.log10(percentile(HIGH) / percentile(LOW));
}

/** The mean square of each stretch of 3 s, one from each frame on. */
function shortTermPowers(rms: Float32Array): Float64Array {
  const powers = new Float64Array(Math.max(0, rms.length - WINDOW + 1));
  let sum = 0;
  for (let frame = 0; frame < rms.length; frame++) {
    sum += rms[frame] ** 2;
    if (frame >= WINDOW) sum -= rms[frame - WINDOW] ** 2;
    if (frame >= WINDOW - 1) powers[frame - WINDOW + 1] = Math.max(0, sum) / WINDOW;
  }
  return powers;
}
