import { SAMPLE_RATE } from './descriptors.ts';
import { realFft } from './fft.ts';
import { denseLength, type Interpolation, interpolate, leadOf, makeInterpolation } from './interpolate.ts';
import { kaiserSinc } from './kaiser.ts';
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
/** Silence is looked for in stretches of this many samples of the input. */
const SEGMENT_LENGTH = 128;
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

/** Of the longest block, 32 times the smaller size at most. */
const silentRuns = new Uint16Array((32 * TRANSFORM_SIZE) / SEGMENT_LENGTH);

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
  const dense = new Float32Array(denseLength(plan.interpolation, outputLength));
  lowPass(channels, plan, dense, leadOf(plan.interpolation));
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
    findSilence(samples, plan, forward.signal);
    forward.forward();
    filter(samples, forward.spectrum, response, backward.spectrum, outputSize);
    backward.backward();
    restoreSilence(samples, plan, backward.signal);
    const place = block * kept + lead;
    const first = backward.signal + outputMargin;
    const from = Math.max(0, -place);
    const to = Math.max(from, Math.min(kept, output.length - place));
    output.set(samples.subarray(first + from, first + to), place + from);
  }
}

/**
 * Digital silence stays exactly 0. The rounding of a transform reaches all of its block, and centroid or chroma
 * of a silent frame would be that of the rounding.
 */
function restoreSilence(samples: Float32Array, plan: Plan, output: number): void {
  const segments = plan.inputSize / SEGMENT_LENGTH;
  const outputSegment = plan.outputSize / segments;
  const reach = plan.margin / SEGMENT_LENGTH;
  for (let segment = 2 * reach; segment < segments; segment++) {
    // Silent as far as the filter reaches to either side; what this misses at the block's ends is not kept.
    if (silentRuns[segment] <= 2 * reach) continue;
    const first = output + (segment - reach) * outputSegment;
    samples.fill(0, first, first + outputSegment);
  }
}

/** Counts, for each stretch of a block, how many up to it are silent without a break. */
function findSilence(samples: Float32Array, plan: Plan, input: number): void {
  let run = 0;
  for (let segment = 0; segment < plan.inputSize / SEGMENT_LENGTH; segment++) {
    const start = input + segment * SEGMENT_LENGTH;
    run = isZero(samples, start, start + SEGMENT_LENGTH) ? run + 1 : 0;
    silentRuns[segment] = run;
  }
}

/** Music leaves this at the first sample. */
function isZero(samples: Float32Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (samples[i] !== 0) return false;
  return true;
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
  return {
    inputSize,
    outputSize,
    // Whole stretches, and so whole samples of either rate.
    margin: Math.ceil(halfLength / SEGMENT_LENGTH) * SEGMENT_LENGTH,
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
