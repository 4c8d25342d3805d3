import { SAMPLE_RATE } from './descriptors.ts';

export const BINS_PER_OCTAVE = 12;
export const OCTAVES = 7;
/** Samples that the filters look at: the power of two from the longest of them on, at any tuning. */
export const FILTER_LENGTH = 256;

/** librosa.note_to_hz('C1') 0.11: three octaves and nine semitones below A = 440 Hz. */
const LOWEST_HERTZ = 440 * 2 ** (-3 - 9 / 12);
/** librosa.cqt 0.11: the share of a filter's spectrum, faintest bins first, that is left out. */
const SPARSITY = 0.01;
/** Frequency over bandwidth of bins a semitone apart (librosa.filters._relative_bandwidth 0.11). */
const QUALITY = (2 ** (2 / BINS_PER_OCTAVE) + 1) / (2 ** (2 / BINS_PER_OCTAVE) - 1);

interface ComplexArray {
  real: Float64Array;
  imaginary: Float64Array;
}

/** By tuning: at most a hundred, one for each step of the estimate. */
const filterBanks = new Map<number, Float32Array>();

/**
 * The filters of the highest octave: of a frame of 256 samples, the sum of sample · weight is one bin of
 * librosa.cqt 0.11 (scale=True), up to its phase. They serve the lower octaves too, whose signal is halved in rate.
 *
 * @param tuning In hundredths of a semitone, -50 to 49.
 * @returns 256 × 24, row-major: for each sample the real weights of the 12 filters, then their imaginary ones.
 */
export function constantQFilters(tuning: number): Float32Array {
  const bank = filterBanks.get(tuning) ?? makeFilters(tuning / 100);
  filterBanks.set(tuning, bank);
  return bank;
}

/** @param tuning Semitones. */
function makeFilters(tuning: number): Float32Array {
  const bank = new Float32Array(FILTER_LENGTH * 2 * BINS_PER_OCTAVE);
  for (let bin = 0; bin < BINS_PER_OCTAVE; bin++) {
    const hertz = LOWEST_HERTZ * 2 ** (OCTAVES - 1 + (bin + tuning) / BINS_PER_OCTAVE);
    const spectrum = transform(makeWavelet(hertz));
    leaveOutFaintBins(spectrum);
    // librosa multiplies the frame's spectrum by the filter's. The transform is symmetric, so the spectrum of
    // the filter's spectrum does the same to the frame itself.
    const { real, imaginary } = transform(spectrum);
    for (let i = 0; i < FILTER_LENGTH; i++) {
      const place = 2 * i * BINS_PER_OCTAVE + bin;
      bank[place] = real[i];
      bank[place + BINS_PER_OCTAVE] = imaginary[i];
    }
  }
  return bank;
}

/** A windowed phasor in the middle of the frame (librosa.filters.wavelet 0.11: window='hann', norm=1). */
function makeWavelet(hertz: number): ComplexArray {
  const length = (QUALITY * SAMPLE_RATE) / hertz;
  const before = Math.ceil(length / 2);
  const count = before + Math.floor(length / 2);
  const first = Math.floor((FILTER_LENGTH - count) / 2);
  // The window's sum is half its length. librosa.cqt multiplies by the length and divides by its root.
  const gain = (Math.sqrt(length) * 2) / (count * FILTER_LENGTH);
  const wavelet = zeros();
  for (let i = 0; i < count; i++) {
    const weight = gain * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / count));
    const angle = (2 * Math.PI * (i - before) * hertz) / SAMPLE_RATE;
    wavelet.real[first + i] = weight * Math.cos(angle);
    wavelet.imaginary[first + i] = weight * Math.sin(angle);
  }
  return wavelet;
}

/** Makes 0 of the negative frequencies and of the faintest others (librosa.util.sparsify_rows 0.11). */
function leaveOutFaintBins({ real, imaginary }: ComplexArray): void {
  const end = FILTER_LENGTH / 2 + 1;
  const magnitudes = Float64Array.from({ length: end }, (_, bin) => Math.hypot(real[bin], imaginary[bin]));
  const sorted = magnitudes.toSorted();
  let faint = SPARSITY * sorted.reduce((sum, magnitude) => sum + magnitude);
  let threshold = 0;
  for (let i = 0; faint > 0; i++) {
    threshold = sorted[i];
    faint -= threshold;
  }
  for (let bin = 0; bin < FILTER_LENGTH; bin++) {
    if (bin < end && magnitudes[bin] >= threshold) continue;
    real[bin] = 0;
    imaginary[bin] = 0;
  }
}

/** The discrete Fourier transform by its definition: a bank takes some 3 ms, once a tuning. */
function transform(values: ComplexArray): ComplexArray {
  const result = zeros();
  for (let i = 0; i < FILTER_LENGTH; i++) {
    const [real, imaginary] = [values.real[i], values.imaginary[i]];
    if (real === 0 && imaginary === 0) continue;
    for (let bin = 0; bin < FILTER_LENGTH; bin++) {
      const turn = (i * bin) % FILTER_LENGTH;
      result.real[bin] += real * roots.real[turn] - imaginary * roots.imaginary[turn];
      result.imaginary[bin] += real * roots.imaginary[turn] + imaginary * roots.real[turn];
    }
  }
  return result;
}

function zeros(): ComplexArray {
  return { real: new Float64Array(FILTER_LENGTH), imaginary: new Float64Array(FILTER_LENGTH) };
}

const roots = {
  real: Float64Array.from({ length: FILTER_LENGTH }, (_, i) => Math.cos((2 * Math.PI * i) / FILTER_LENGTH)),
  imaginary: Float64Array.from(
    { length: FILTER_LENGTH },
    (_, i) => -Math.sin((2 * Math.PI * i) / FILTER_LENGTH),
  ),
};
