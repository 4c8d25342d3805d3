import { SoundalikeError } from '../errors.ts';
import { type DecodedAudio, type DecodeLimits, decodeAudio } from './decode.ts';
import { type ClipFeatures, FRAME_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import { resample } from './resample.ts';
import { analyseSignal } from './series.ts';
import { summarise } from './statistics.ts';

export { analyseSignal, type ClipSeries } from './series.ts';
export { summarise } from './statistics.ts';

/** A signal that stays below this is silence: half the least step of 16-bit samples, -96 dB of full scale. */
const SILENCE = 2 ** -16;

/**
 * The features of an audio file: decoded, mixed to mono, resampled to 22,050 Hz, all descriptors of all
 * frames, and their statistics. The values depend on the bytes alone and are always finite.
 *
 * @param limits Audio longer than `maximumSeconds` is refused.
 * @throws SoundalikeError one of the AUDIO_ codes of `decodeAudio`, AUDIO_SILENT, or AUDIO_TOO_SHORT for a file
 *   of less than one analysis frame (93 ms).
 */
export async function analyseClip(bytes: Uint8Array, limits: DecodeLimits): Promise<ClipFeatures> {
  return featuresOf(await decodeAudio(bytes, limits));
}

/**
 * The features of decoded audio.
 *
 * @throws SoundalikeError AUDIO_SILENT, AUDIO_TOO_SHORT as `analyseClip`.
 */
export function featuresOf({ channels, sampleRate, truncated }: DecodedAudio): ClipFeatures {
  const signal = signalOf(channels, sampleRate);
  return {
    seconds: channels[0].length / sampleRate,
    sampleRate,
    channels: channels.length,
    truncated,
    statistics: summarise(analyseSignal(signal)),
  };
}

/**
 * What the descriptors are computed from: a file's sound, mono at 22,050 Hz.
 *
 * @throws SoundalikeError as `analyseClip`.
 */
export async function decodeToSignal(bytes: Uint8Array, limits: DecodeLimits): Promise<Float32Array> {
  const { channels, sampleRate } = await decodeAudio(bytes, limits);
  return signalOf(channels, sampleRate);
}

function signalOf(channels: Float32Array[], sampleRate: number): Float32Array {
  const signal = resample(channels, sampleRate);
  if (signal.length < FRAME_LENGTH) {
    const milliseconds = Math.round((1000 * signal.length) / SAMPLE_RATE);
    throw new SoundalikeError(
      'AUDIO_TOO_SHORT',
      `the file holds ${milliseconds} ms of audio, less than one analysis frame of 93 ms: leave it out`,
    );
  }
  if (signal.every((sample) => Math.abs(sample) < SILENCE)) {
    throw new SoundalikeError('AUDIO_SILENT', 'the whole file is silent: leave it out');
  }
  return signal;
}
