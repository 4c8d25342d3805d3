import { SAMPLE_RATE } from './descriptors.ts';
import { realFft } from './fft.ts';
import { type Interpolation, makeInterpolation } from './interpolate.ts';
import { kaiserSinc } from './kaiser.ts';
import { advance, kernel, load, multiply, store, whileBelow } from './wasm-kernel.ts';
import { allocate, heap } from './wasm-memory.ts';

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
/** The filters of an odd rate take some megabytes; a collection has few rates. */
const MOST_RATES = 16;

/**
 * What a sampling rate needs; made once for each rate that is seen. The low-pass runs as a fast convolution in
 * blocks that overlap by the filter's length (overlap-save), of which each gives what the overlap does not spoil.
 */
export interface LowPass {
  /** It changes the rate by `outputSize / inputSize`, a power of two. */
  inputSize: number;
  outputSize: number;
  /** Samples at either end of a block that the filter's length spoils, at the input's rate. */
  margin: number;
  /** Samples that a block gives, at the output's rate. */
  kept: number;
  /** The factor of each number of a spectrum up to the smaller size, scaled for the inverse transform. */
  response: Float32Array;
  /** Null where the low-pass gives 22,050 Hz by itself. */
  interpolation: Interpolation | null;
}

/** Of the longest block, 32 times the smaller size at most. */
const silentRuns = new Uint16Array((32 * TRANSFORM_SIZE) / SEGMENT_LENGTH);

/** The response of the block's low-pass. */
const responsePlace = allocate(TRANSFORM_SIZE);

const lowPasses = new Map<number, LowPass>();

/** @param sampleRate In Hz, not 22,050. */
export function lowPassOf(sampleRate: number): LowPass {
  const known = lowPasses.get(sampleRate);
  if (known) return known;
  if (lowPasses.size === MOST_RATES) lowPasses.clear();
  const lowPass = makeLowPass(sampleRate);
  lowPasses.set(sampleRate, lowPass);
  return lowPass;
}

/**
 * Filters one block. Bins above the output's Nyquist frequency are cut off or, at a higher output rate, zero.
 *
 * @param block `inputSize` samples.
 * @returns `kept` samples, the first at `margin` of the block: a view of the heap, good until the next call.
 */
export function filterBlock(block: Float32Array, lowPass: LowPass): Float32Array {
  const { inputSize, outputSize, margin, kept, response } = lowPass;
  const forward = realFft(inputSize);
  const backward = realFft(outputSize);
  const samples = heap();
  samples.set(block, forward.signal);
  findSilence(samples, lowPass, forward.signal);
  forward.forward();
  samples.set(response, responsePlace);
  filter(forward.spectrum, backward.spectrum, outputSize);
  backward.backward();
  restoreSilence(samples, lowPass, backward.signal);
  const first = backward.signal + (margin * outputSize) / inputSize;
  return samples.subarray(first, first + kept);
}

/**
 * Digital silence stays exactly 0. The rounding of a transform reaches all of its block, and centroid or chroma
 * of a silent frame would be that of the rounding.
 */
function restoreSilence(samples: Float32Array, lowPass: LowPass, output: number): void {
  const segments = lowPass.inputSize / SEGMENT_LENGTH;
  const outputSegment = lowPass.outputSize / segments;
  const reach = lowPass.margin / SEGMENT_LENGTH;
  for (let segment = 2 * reach; segment < segments; segment++) {
    // Silent as far as the filter reaches to either side; what this misses at the block's ends is not kept.
    if (silentRuns[segment] <= 2 * reach) continue;
    const first = output + (segment - reach) * outputSegment;
    samples.fill(0, first, first + outputSegment);
  }
}

/** Counts, for each stretch of a block, how many up to it are silent without a break. */
function findSilence(samples: Float32Array, lowPass: LowPass, input: number): void {
  let run = 0;
  for (let segment = 0; segment < lowPass.inputSize / SEGMENT_LENGTH; segment++) {
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

/** Four numbers of a spectrum a step. */
const multiplySpectrum = kernel(({ parameter }) => {
  const [source, end, factor, target] = [parameter(), parameter(), parameter(), parameter()];
  return [
    whileBelow(
      source,
      end,
      store(target, multiply(load(source), load(factor))),
      advance(source, 16),
      advance(factor, 16),
      advance(target, 16),
    ),
  ];
});

/** Multiplies a spectrum by the response in the heap; bins of the target beyond it are 0. */
function filter(source: number, target: number, targetSize: number): void {
  multiplySpectrum(4 * source, 4 * (source + TRANSFORM_SIZE), 4 * responsePlace, 4 * target);
  heap().fill(0, target + TRANSFORM_SIZE, target + targetSize);
}

function makeLowPass(sampleRate: number): LowPass {
  const octaves = Math.log2(SAMPLE_RATE / sampleRate);
  const direct = Number.isInteger(octaves);
  const doublings = direct ? octaves : Math.ceil(Math.log2(OVERSAMPLED_RATE / sampleRate));
  const inputSize = TRANSFORM_SIZE * 2 ** Math.max(0, -doublings);
  const outputSize = TRANSFORM_SIZE * 2 ** Math.max(0, doublings);
  /** In cycles a sample. */
  const nyquist = Math.min(SAMPLE_RATE, sampleRate) / 2 / sampleRate;
  const halfLength = HALF_LENGTH / (2 * nyquist);
  // Whole stretches, and so whole samples of either rate.
  const margin = Math.ceil(halfLength / SEGMENT_LENGTH) * SEGMENT_LENGTH;
  return {
    inputSize,
    outputSize,
    margin,
    kept: ((inputSize - 2 * margin) * outputSize) / inputSize,
    response: frequencyResponse(inputSize, CUTOFF * nyquist, halfLength),
    interpolation: direct ? null : makeInterpolation(sampleRate * 2 ** doublings),
  };
}

/** Response of the filter at `size` points around the circle, for the numbers that the smaller transform has. */
function frequencyResponse(size: number, cutoff: number, halfLength: number): Float32Array {
  const fft = realFft(size);
  const samples = heap();
  samples.fill(0, fft.signal, fft.signal + size);
  const last = Math.floor(halfLength);
  for (let i = -last; i <= last; i++) {
    samples[fft.signal + ((i + size) % size)] = kaiserSinc(i, cutoff, halfLength);
  }
  fft.forward();
  // The filter is symmetric around place 0, so its response is real: one factor for both parts of a bin. The
  // number beside bin 0 is the Nyquist bin, which the filter stops.
  return Float32Array.from({ length: TRANSFORM_SIZE }, (_, i) =>
    i === 1 ? 0 : samples[fft.spectrum + i - (i % 2)] / size,
  );
}
