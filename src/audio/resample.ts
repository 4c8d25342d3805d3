import { SAMPLE_RATE } from './descriptors.ts';
import { firstSampleOf, interpolate, leadOf, outputsFrom } from './interpolate.ts';
import { filterBlock, type LowPass, lowPassOf } from './low-pass.ts';
import { mixDown } from './mix-down.ts';
import { addSamples, addZeros, dropSamples, emptyQueue } from './sample-queue.ts';
import { allocate, heap } from './wasm-memory.ts';

/** A file's samples become those that the descriptors are computed from. */
export interface Resampler {
  /** @param channels Arrays of one length. Their number may change from one call to the next. */
  write(channels: Float32Array[]): void;
  /** Gives what the filter still holds back. */
  end(): void;
}

/** Receives the next samples, in a view that is good until it returns. */
export type TakeSamples = (samples: Float32Array) => void;

/** Samples that are mixed at a time. */
const MIXED_LENGTH = 8192;
const mixed = allocate(MIXED_LENGTH);

/**
 * Mixes to mono and resamples to 22,050 Hz. The filter is a Kaiser-windowed sinc of linear phase, its delay
 * taken out: flat to 0.91 of the lower Nyquist frequency, and more than 100 dB down above all of it.
 *
 * A low-pass changes the rate by a power of two. Where that gives 22,050 Hz (44.1, 88.2, 11.025 kHz) nothing is
 * left to do. Elsewhere it gives at least twice that rate, and a polyphase filter of a few taps interpolates.
 *
 * n samples become ceil(n · 22,050 / sampleRate), as librosa.resample has it, and the same ones however they are
 * cut into blocks: the low-pass has its own, which start where they would in the whole signal.
 *
 * @param sampleRate Hz.
 */
export function createResampler(sampleRate: number, take: TakeSamples): Resampler {
  if (sampleRate === SAMPLE_RATE) return { write: (channels) => forEachMixed(channels, take), end: () => {} };
  const lowPass = lowPassOf(sampleRate);
  const { inputSize, margin } = lowPass;
  let written = 0;
  let given = 0;
  let length = Number.POSITIVE_INFINITY;
  const give = (samples: Float32Array) => {
    take(samples.subarray(0, length - given));
    given = Math.min(length, given + samples.length);
  };
  const { blocksBefore, add } = lowPass.interpolation
    ? interpolating(lowPass, give)
    : { blocksBefore: 0, add: give };

  const step = inputSize - 2 * margin;
  const before = blocksBefore * step + margin;
  const waiting = emptyQueue(-before);
  addZeros(waiting, before);
  const filterWhole = () => {
    while (waiting.length >= inputSize) {
      add(filterBlock(waiting.values.subarray(0, inputSize), lowPass));
      dropSamples(waiting, step);
    }
  };
  return {
    write(channels) {
      written += channels[0].length;
      forEachMixed(channels, (samples) => {
        addSamples(waiting, samples);
        filterWhole();
      });
    },
    end() {
      length = Math.ceil((written * SAMPLE_RATE) / sampleRate);
      while (given < length) {
        addZeros(waiting, step);
        filterWhole();
      }
    },
  };
}

/** A whole signal, mixed and resampled at once. */
export function resample(channels: Float32Array[], sampleRate: number): Float32Array {
  const signal = new Float32Array(Math.ceil((channels[0].length * SAMPLE_RATE) / sampleRate));
  let length = 0;
  const resampler = createResampler(sampleRate, (samples) => {
    signal.set(samples, length);
    length += samples.length;
  });
  resampler.write(channels);
  resampler.end();
  return signal;
}

/** The step from the rate of the low-pass to 22,050 Hz. */
function interpolating(lowPass: LowPass, give: TakeSamples): { blocksBefore: number; add: TakeSamples } {
  const interpolation = lowPass.interpolation!;
  const lead = leadOf(interpolation);
  const blocksBefore = Math.ceil(lead / lowPass.kept);
  const dense = emptyQueue(lead - blocksBefore * lowPass.kept);
  let done = 0;
  return {
    blocksBefore,
    add(samples) {
      addSamples(dense, samples);
      const possible = outputsFrom(dense.start + dense.length, interpolation);
      while (done < possible) {
        const outputs = interpolate(
          dense.values.subarray(0, dense.length),
          dense.start,
          interpolation,
          done,
          possible - done,
        );
        give(outputs);
        done += outputs.length;
      }
      dropSamples(dense, Math.max(0, firstSampleOf(done, interpolation) - dense.start));
    },
  };
}

function forEachMixed(channels: Float32Array[], take: TakeSamples): void {
  const { length } = channels[0];
  for (let start = 0; start < length; start += MIXED_LENGTH) {
    const count = Math.min(MIXED_LENGTH, length - start);
    mixDown(channels, start, 4 * Math.ceil(count / 4), mixed);
    take(heap().subarray(mixed, mixed + count));
  }
}
