/** Attenuation of the stop band in decibels, that of libsoxr's HQ recipe, which librosa resamples with. */
const STOP_BAND_DECIBELS = 127;
/** Kaiser's shape parameter for it (Oppenheim & Schafer, Discrete-Time Signal Processing, §7.5.3). */
const BETA = 0.1102 * (STOP_BAND_DECIBELS - 8.7);

/**
 * Half the length of a Kaiser-windowed sinc, in whole samples, whose transition from pass to stop band is `width`
 * cycles a sample wide (Oppenheim & Schafer §7.5.3).
 */
export function kaiserHalfLength(width: number): number {
  return Math.ceil((STOP_BAND_DECIBELS - 7.95) / (2.285 * 2 * Math.PI * width) / 2);
}

/**
 * The ideal low-pass filter under a Kaiser window.
 *
 * @param offset Samples from the filter's centre, fractional.
 * @param cutoff Middle of the transition, in cycles a sample.
 * @param halfLength Where the window ends, in samples.
 */
export function kaiserSinc(offset: number, cutoff: number, halfLength: number): number {
  const position = offset / halfLength;
  if (Math.abs(position) > 1) return 0;
  const angle = 2 * Math.PI * cutoff * offset;
  const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
  return (2 * cutoff * sinc * besselI0(BETA * Math.sqrt(1 - position * position))) / besselI0(BETA);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
