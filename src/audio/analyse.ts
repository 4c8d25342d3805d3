import { SoundalikeError } from '../errors.ts';
import type { AnalysisSettings } from './analysis-settings.ts';
import type { ByteSource } from './byte-source.ts';
import {
  type DecodedAudio,
  type DecodeLimits,
  decodeAudio,
  statedSeconds,
  type TakeBlock,
} from './decode.ts';
import { type ClipFeatures, type DescriptorName, FRAME_LENGTH, PRESETS, SAMPLE_RATE } from './descriptors.ts';
import { addToWaveform, noWaveform, peaksOf } from './peaks.ts';
import { createResampler, type Resampler, type TakeSamples } from './resample.ts';
import { createSectionAnalysis } from './section-analysis.ts';

export { analyseSignal, type ClipSeries } from './series.ts';
export { summarise } from './statistics.ts';

/** A signal that stays below this is silence: half the least step of 16-bit samples, -96 dB of full scale. */
const SILENCE = 2 ** -16;

/** Samples [from, to) at 22,050 Hz. */
interface Part {
  from: number;
  to: number;
}

/** Something that can be decoded from its start, any number of times. */
export interface Decodable {
  /** Where a header tells the length to the sample; else null. */
  statedSeconds(): Promise<number | null>;
  /** @throws SoundalikeError AUDIO_… */
  decode(take: TakeBlock): Promise<DecodedAudio>;
}

/** An audio file and the decoders of this program. @param limits Audio longer than `maximumSeconds` is refused. */
export function decodable(source: ByteSource, limits: DecodeLimits): Decodable {
  return {
    statedSeconds: () => statedSeconds(source),
    decode: (take) => decodeAudio(source, limits, take),
  };
}

const WHOLE: Part = { from: 0, to: Number.POSITIVE_INFINITY };

/**
 * The features of an audio file: decoded, mixed to mono, resampled to 22,050 Hz, the preset's descriptors of all
 * frames, their statistics over all of it and by segments of 5 s, and the waveform. The values depend on the bytes and
 * the settings alone and are always finite. Memory does not grow with the length of the track.
 *
 * @returns The features, and the milliseconds that everything behind the decoder took.
 * @throws SoundalikeError what decoding throws, AUDIO_SILENT, or AUDIO_TOO_SHORT for a file
 *   of less than one analysis frame (93 ms).
 */
export async function analyseTrack(
  track: Decodable,
  { preset, window }: Pick<AnalysisSettings, 'preset' | 'window'>,
): Promise<{ features: ClipFeatures; featuresMs: number }> {
  let length = window === null ? null : await lengthOf(track);
  for (;;) {
    const part = length === null ? WHOLE : middleOf(length, window!);
    const analysis = analysePart(part, PRESETS[preset]);
    const decoded = await track.decode(analysis.take);
    if (length === null || length === decoded.seconds) {
      const found = analysis.end();
      return { features: { ...decoded, ...found }, featuresMs: analysis.milliseconds() };
    }
    // The header was wrong, or the file is damaged.
    length = decoded.seconds;
  }
}

/**
 * What the descriptors are computed from, whole: a file's sound, mono at 22,050 Hz.
 *
 * @throws SoundalikeError as `analyseTrack`.
 */
export async function decodeToSignal(source: ByteSource, limits: DecodeLimits): Promise<Float32Array> {
  const blocks: Float32Array[] = [];
  const sound = requireSound((samples) => blocks.push(samples.slice()));
  const resampled = resampleTo(sound.take);
  await decodeAudio(source, limits, resampled.take);
  resampled.end();
  sound.end();
  const signal = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const block of blocks) {
    signal.set(block, place);
    place += block.length;
  }
  return signal;
}

/** Seconds: what the header says or, where it says nothing, what decodes. */
async function lengthOf(track: Decodable): Promise<number> {
  return (await track.statedSeconds()) ?? (await track.decode(() => {})).seconds;
}

function middleOf(length: number, seconds: number): Part {
  const samples = Math.round(seconds * SAMPLE_RATE);
  const total = Math.round(length * SAMPLE_RATE);
  if (samples >= total) return WHOLE;
  const from = Math.floor((total - samples) / 2);
  return { from, to: from + samples };
}

interface PartAnalysis {
  take: TakeBlock;
  end(): Omit<ClipFeatures, keyof DecodedAudio>;
  /** That all of it took. */
  milliseconds(): number;
}

/** The waveform is of the whole track, the rest of one part. */
function analysePart(part: Part, descriptors: readonly DescriptorName[]): PartAnalysis {
  const sections = createSectionAnalysis(descriptors);
  const sound = requireSound(sections.write);
  const takePart = within(part, sound.take);
  const waveform = noWaveform();
  const resampled = resampleTo((samples) => {
    addToWaveform(samples, waveform);
    takePart(samples);
  });
  let milliseconds = 0;
  const timed = <T>(work: () => T): T => {
    const started = performance.now();
    const result = work();
    milliseconds += performance.now() - started;
    return result;
  };
  return {
    take: (channels, sampleRate) => timed(() => resampled.take(channels, sampleRate)),
    end: () =>
      timed(() => {
        resampled.end();
        sound.end();
        const { statistics, segments } = sections.end();
        return {
          statistics,
          peaks: peaksOf(waveform),
          segments: segments.values,
          segmentCount: segments.count,
        };
      }),
    milliseconds: () => milliseconds,
  };
}

/** The rate is known with the first block. */
function resampleTo(take: TakeSamples): { take: TakeBlock; end(): void } {
  let resampler: Resampler | null = null;
  return {
    take(channels, sampleRate) {
      resampler ??= createResampler(sampleRate, take);
      resampler.write(channels);
    },
    end: () => resampler?.end(),
  };
}

function within({ from, to }: Part, take: TakeSamples): TakeSamples {
  let place = 0;
  return (samples) => {
    const first = Math.max(0, from - place);
    const end = Math.min(samples.length, to - place);
    place += samples.length;
    if (first < end) take(samples.subarray(first, end));
  };
}

function requireSound(take: TakeSamples): { take: TakeSamples; end(): void } {
  let length = 0;
  let silent = true;
  return {
    take(samples) {
      length += samples.length;
      silent &&= samples.every((sample) => Math.abs(sample) < SILENCE);
      take(samples);
    },
    end() {
      if (length < FRAME_LENGTH) {
        const milliseconds = Math.round((1000 * length) / SAMPLE_RATE);
        throw new SoundalikeError(
          'AUDIO_TOO_SHORT',
          `the file holds ${milliseconds} ms of audio, less than one analysis frame of 93 ms: leave it out`,
        );
      }
      if (silent) throw new SoundalikeError('AUDIO_SILENT', 'the whole file is silent: leave it out');
    },
  };
}
