import { SoundalikeError } from '../errors.ts';
import type { AnalysisSettings } from './analysis-settings.ts';
import { type DecodedAudio, type DecodeLimits, decodeAudio } from './decode.ts';
import { type ClipFeatures, FRAME_LENGTH, PRESETS, SAMPLE_RATE } from './descriptors.ts';
import { addToWaveform, noWaveform, peaksOf } from './peaks.ts';
import { resample } from './resample.ts';
import { createSegments } from './segments.ts';
import { analyseSignal } from './series.ts';
import { summarise } from './statistics.ts';

export { analyseSignal, type ClipSeries } from './series.ts';
export { summarise } from './statistics.ts';

/** A signal that stays below this is silence: half the least step of 16-bit samples, -96 dB of full scale. */
const SILENCE = 2 ** -16;

/**
 * The features of an audio file: decoded, mixed to mono, resampled to 22,050 Hz, the preset's descriptors of all
 * frames, their statistics over all of it and by segments of 5 s, and the waveform. The values depend on the bytes and
 * the settings alone and are always finite.
 *
 * @param limits Audio longer than `maximumSeconds` is refused.
 * @throws SoundalikeError one of the AUDIO_ codes of `decodeAudio`, AUDIO_SILENT, or AUDIO_TOO_SHORT for a file
 *   of less than one analysis frame (93 ms).
 */
export async function analyseClip(
  bytes: Uint8Array,
  limits: DecodeLimits,
  settings: AnalysisSettings,
): Promise<ClipFeatures> {
  return featuresOf(await decodeAudio(bytes, limits), settings);
}

/**
 * The features of decoded audio.
 *
 * @throws SoundalikeError AUDIO_SILENT, AUDIO_TOO_SHORT as `analyseClip`.
 */
export function featuresOf(
  { channels, sampleRate, truncated }: DecodedAudio,
  { preset, window }: AnalysisSettings,
): ClipFeatures {
  const whole = signalOf(channels, sampleRate);
  const signal = middleOf(whole, window);
  const series = analyseSignal(signal, PRESETS[preset]);
  const segments = createSegments(PRESETS[preset]);
  segments.add(series);
  const { count: segmentCount, values } = segments.end();
  const waveform = noWaveform();
  addToWaveform(whole, waveform);
  return {
    seconds: channels[0].length / sampleRate,
    sampleRate,
    channels: channels.length,
    truncated,
    statistics: summarise(series),
    peaks: peaksOf(waveform),
    segments: values,
    segmentCount,
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

/** @param seconds How much of the signal is taken; null for all of it, as of a shorter one. */
function middleOf(signal: Float32Array, seconds: number | null): Float32Array {
  const samples = Math.round((seconds ?? Number.POSITIVE_INFINITY) * SAMPLE_RATE);
  if (samples >= signal.length) return signal;
  const start = Math.floor((signal.length - samples) / 2);
  return signal.subarray(start, start + samples);
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
