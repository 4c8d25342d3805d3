/**
 * What the spectrogram shows: frequencies on a logarithmic scale, as ears have it. The levels are decibels below a
 * full-scale sine.
 */
export const LOWEST = 40;
export const RANGE = 90;

/**
 * Makes what measures the spectrum of frames.
 *
 * @param {number} size Samples of a frame, a power of 2.
 * @param {number} sampleRate
 * @param {number} bands From `LOWEST` to half the sample rate.
 * @returns {(samples: Float32Array, at: number, levels: Uint8Array) => void} Raises `levels`, one a band, lowest first,
 *   to those of the frame around sample `at`: 255 is full scale, 0 is `RANGE` decibels below it and less.
 */
export function createSpectrum(size, sampleRate, bands) {
  const transform = createTransform(size);
  // Periodic Hann: its peak of a full-scale sine is a quarter of the frame.
  const frameWindow = Float64Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size),
  );
  const [real, imaginary] = [new Float64Array(size), new Float64Array(size)];
  const edges = Array.from({ length: bands + 1 }, (_, band) => {
    const frequency = LOWEST * (sampleRate / 2 / LOWEST) ** (band / bands);
    return Math.min(size / 2, Math.round((frequency * size) / sampleRate));
  });

  return (samples, at, levels) => {
    const from = Math.round(at) - size / 2;
    for (let i = 0; i < size; i++) real[i] = (samples[from + i] ?? 0) * frameWindow[i];
    imaginary.fill(0);
    transform(real, imaginary);
    for (let band = 0; band < bands; band++) {
      let power = 0;
      // Low bands are narrower than the step between two frequencies, and share one.
      for (let bin = edges[band]; bin < Math.max(edges[band] + 1, edges[band + 1]); bin++) {
        power = Math.max(power, real[bin] ** 2 + imaginary[bin] ** 2);
      }
      const decibels = 10 * Math.log10(power / (size / 4) ** 2 + Number.MIN_VALUE);
      const level = Math.round(255 * Math.max(0, Math.min(1, 1 + decibels / RANGE)));
      levels[band] = Math.max(levels[band], level);
    }
  };
}

/**
 * The fast Fourier transform in place (Cooley and Tukey 1965).
 *
 * @param {number} size A power of 2.
 * @returns {(real: Float64Array, imaginary: Float64Array) => void}
 */
function createTransform(size) {
  const cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
  const bits = Math.log2(size);
  const reversed = Uint32Array.from({ length: size }, (_, i) => {
    let place = 0;
    for (let bit = 0; bit < bits; bit++) place |= ((i >> bit) & 1) << (bits - 1 - bit);
    return place;
  });

  return (real, imaginary) => {
    for (let i = 0; i < size; i++) {
      const j = reversed[i];
      if (j <= i) continue;
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let i = 0; i < half; i++) {
          const [low, high] = [start + i, start + i + half];
          const [cosine, sine] = [cosines[i * step], sines[i * step]];
          const turnedReal = real[high] * cosine - imaginary[high] * sine;
          const turnedImaginary = real[high] * sine + imaginary[high] * cosine;
          real[high] = real[low] - turnedReal;
          imaginary[high] = imaginary[low] - turnedImaginary;
          real[low] += turnedReal;
          imaginary[low] += turnedImaginary;
        }
      }
    }
  };
}
