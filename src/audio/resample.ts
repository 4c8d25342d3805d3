import { SAMPLE_RATE } from './descriptors.ts';
import { realFft } from './fft.ts';
import { kaiserHalfLength, kaiserSinc } from './kaiser.ts';
import { mixDown } from './mix-down.ts';
import { heap } from './wasm-memory.ts';

/**
 * The filter is the one that librosa.load uses by default (soxr_hq), read off its impulse response: the middle
 * of its transition, as a share of the lower Nyquist frequency, and half its length, in half periods of that.
 */
const CUTOFF = 0.95687;
const HALF_LENGTH = 97.25;
/** Size of the smaller of the two transforms. */
const TRANSFORM_SIZE = 4096;
/** Rate in Hz from which samples lie so close that a short filter can interpolate between them. */
const OVERSAMPLED_RATE = 2 * SAMPLE_RATE;
/** A plan for an odd rate takes some megabytes; a collection has few rates. */
const MOST_PLANS = 16;

/** What a sampling rate needs; made once for each rate that is seen. */
interface Plan {
  /** The low-pass changes the rate by `outputSize / inputSize`, a power of two. */
  inputSize: number;
  outputSize: number;
  /** Samples at either end of a block that the filter's length spoils, at the input's rate. */
  margin: number;
  /** Response at bins 0 to half the smaller size, scaled for the inverse transform. */
  response: Float64Array;
  /** Null where the low-pass gives 22,050 Hz by itself. */
  interpolation: Interpolation | null;
}

/** A polyphase filter bank: output i lies at `i · step / phases` samples of the low-pass's output. */
interface Interpolation {
  step: number;
  phases: number;
  halfTaps: number;
  /** phases × 2 · halfTaps, row-major. */
  taps: Float64Array;
}

const plans = new Map<number, Plan>();

/**
 * Mixes to mono and resamples to 22,050 Hz. The filter is a Kaiser-windowed sinc of linear phase, its delay
 * taken out: flat to 0.91 of the lower Nyquist frequency, and more than 100 dB down above all of it.
 *
 * It runs as a fast convolution (overlap-save) that also changes the rate by a power of two. Where that gives
 * 22,050 Hz (44.1, 88.2, 11.025 kHz) nothing is left to do. Elsewhere it gives at least twice that rate, and a
 * polyphase filter of a few taps interpolates.
 *
 * @param channels Arrays of one length at `sampleRate` Hz.
 * @returns ceil(length · 22,050 / sampleRate) samples, as librosa.resample has it.
 */
export function resample(channels: Float32Array[], sampleRate: number): Float32Array {
  if (sampleRate === SAMPLE_RATE) return mixOnly(channels);
  const plan = planOf(sampleRate);
  const outputLength = Math.ceil((channels[0].length * SAMPLE_RATE) / sampleRate);
  if (!plan.interpolation) {
    const signal = new Float32Array(outputLength);
    lowPass(channels, plan, signal, 0);
    return signal;
  }
  const { step, phases, halfTaps } = plan.interpolation;
  const dense = new Float32Array(Math.ceil((outputLength * step) / phases) + 2 * halfTaps);
  lowPass(channels, plan, dense, halfTaps - 1);
  return interpolate(dense, plan.interpolation, outputLength);
}

function mixOnly(channels: Float32Array[]): Float32Array {
  const signal = new Float32Array(channels[0].length);
  const place = realFft(TRANSFORM_SIZE).signal;
  for (let start = 0; start < signal.length; start += TRANSFORM_SIZE) {
    mixDown(channels, start, TRANSFORM_SIZE, place);
    const length = Math.min(TRANSFORM_SIZE, signal.length - start);
    signal.set(heap().subarray(place, place + length), start);
  }
  return signal;
}

/**
 * Overlap-save: transforms blocks that overlap by the filter's length and keeps of each what the overlap does
 * not spoil. Bins above the output's Nyquist frequency are cut off or, at a higher output rate, zero.
 *
 * @param output `lead` samples from before the start, then the signal.
 */
function lowPass(channels: Float32Array[], plan: Plan, output: Float32Array, lead: number): void {
  const { inputSize, outputSize, margin, response } = plan;
  const forward = realFft(inputSize);
  const backward = realFft(outputSize);
  const outputMargin = (margin * outputSize) / inputSize;
  const kept = outputSize - 2 * outputMargin;
  const leadBlocks = Math.ceil(lead / kept);
  const samples = heap();
  for (let block = -leadBlocks; block * kept + lead < output.length; block++) {
    const start = ((block * kept) / outputSize) * inputSize - margin;
    mixDown(channels, start, inputSize, forward.signal);
    forward.forward();
    filter(samples, forward.spectrum, response, backward.spectrum, outputSize);
    backward.backward();
    const place = block * kept + lead;
    const first = backward.signal + outputMargin;
    const from = Math.max(0, -place);
    const to = Math.max(from, Math.min(kept, output.length - place));
    output.set(samples.subarray(first + from, first + to), place + from);
  }
}

/** Multiplies a spectrum by the response; bins of the target beyond it are 0. */
function filter(
  samples: Float32Array,
  source: number,
  response: Float64Array,
  target: number,
  targetSize: number,
): void {
  for (let bin = 0; bin < response.length; bin++) {
    samples[target + 2 * bin] = samples[source + 2 * bin] * response[bin];
    samples[target + 2 * bin + 1] = samples[source + 2 * bin + 1] * response[bin];
  }
  // Beside bin 0 stands the Nyquist bin, which the filter stops.
  samples[target + 1] = 0;
  samples.fill(0, target + 2 * response.length, target + targetSize);
}

/** Each output sample is a dot product with the phase of the filter bank that lies nearest before it. */
function interpolate(dense: Float32Array, interpolation: Interpolation, length: number): Float32Array {
  const { step, phases, halfTaps, taps } = interpolation;
  const output = new Float32Array(length);
  const count = 2 * halfTaps;
  for (let i = 0, whole = 0, phase = 0; i < length; i++) {
    let even = 0;
    let odd = 0;
    for (let tap = 0, row = phase * count; tap < count; tap += 2) {
      even += taps[row + tap] * dense[whole + tap];
      odd += taps[row + tap + 1] * dense[whole + tap + 1];
    }
    output[i] = even + odd;
    phase += step;
    whole += Math.floor(phase / phases);
    phase %= phases;
  }
  return output;
}

function planOf(sampleRate: number): Plan {
  const known = plans.get(sampleRate);
  if (known) return known;
  if (plans.size === MOST_PLANS) plans.clear();
  const plan = makePlan(sampleRate);
  plans.set(sampleRate, plan);
  return plan;
}

function makePlan(sampleRate: number): Plan {
  const octaves = Math.log2(SAMPLE_RATE / sampleRate);
  const direct = Number.isInteger(octaves);
  const doublings = direct ? octaves : Math.ceil(Math.log2(OVERSAMPLED_RATE / sampleRate));
  const inputSize = TRANSFORM_SIZE * 2 ** Math.max(0, -doublings);
  const outputSize = TRANSFORM_SIZE * 2 ** Math.max(0, doublings);
  /** In cycles a sample. */
  const nyquist = Math.min(SAMPLE_RATE, sampleRate) / 2 / sampleRate;
  const halfLength = HALF_LENGTH / (2 * nyquist);
  // A block's kept samples start at a whole sample of both rates.
  const grain = Math.max(1, inputSize / outputSize);
  return {
    inputSize,
    outputSize,
    margin: Math.ceil(halfLength / grain) * grain,
    response: frequencyResponse(inputSize, CUTOFF * nyquist, halfLength),
    interpolation: direct ? null : makeInterpolation(sampleRate * 2 ** doublings),
  };
}

/** Response of the filter at `size` points around the circle, up to half of the smaller transform. */
function frequencyResponse(size: number, cutoff: number, halfLength: number): Float64Array {
  const fft = realFft(size);
  const samples = heap();
  samples.fill(0, fft.signal, fft.signal + size);
  const last = Math.floor(halfLength);
  for (let i = -last; i <= last; i++) {
    samples[fft.signal + ((i + size) % size)] = kaiserSinc(i, cutoff, halfLength);
  }
  fft.forward();
  // The filter is symmetric around place 0, so its response is real.
  return Float64Array.from(
    { length: TRANSFORM_SIZE / 2 },
    (_, bin) => samples[fft.spectrum + 2 * bin] / size,
  );
}

function makeInterpolation(rate: number): Interpolation {
  const divisor = greatestCommonDivisor(rate, SAMPLE_RATE);
  const phases = SAMPLE_RATE / divisor;
  // The signal ends at 11,025 Hz; its first image starts as far below `rate`.
  const halfTaps = kaiserHalfLength((rate - SAMPLE_RATE) / rate);
  const taps = new Float64Array(phases * 2 * halfTaps);
  for (let phase = 0; phase < phases; phase++) {
    for (let tap = 0; tap < 2 * halfTaps; tap++) {
      const offset = tap - (halfTaps - 1) - phase / phases;
      taps[phase * 2 * halfTaps + tap] = kaiserSinc(offset, 0.5, halfTaps);
    }
  }
  return { step: rate / divisor, phases, halfTaps, taps };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
