import decode, { type AudioData, type StreamDecoder } from 'audio-decode';
import { messageOf, SoundalikeError } from '../errors.ts';
import { type Container, inspectContainer } from './container.ts';
import { type AudioFormat, detectFormat } from './format.ts';

/** A file's samples as it has them, before any mixing or resampling. */
export interface DecodedAudio {
  /** One array a channel, all of one length; full scale is 1. */
  channels: Float32Array[];
  /** Hz. */
  sampleRate: number;
  /** The file ended early or was damaged; the samples are those that decoded. */
  truncated: boolean;
}

export interface DecodeLimits {
  /** Longer audio is refused, while it decodes and before it fills the memory. */
  maximumSeconds: number;
}

/** Compressed bytes given to a decoder at a time: what is too long is noticed after one such piece. */
const PIECE_BYTES = 65_536;
/** A damaged file must hold this much, in seconds; less says little of a track. */
const LEAST_DAMAGED_SECONDS = 5;
/** Rates in Hz that the resampler takes, and most channels. */
const LEAST_RATE = 2000;
const GREATEST_RATE = 768_000;
const MOST_CHANNELS = 64;
/** AAC and its container count a track's length apart, by a few frames of 2,048. */
const MP4_TOLERANCE_SECONDS = 0.5;

const DECODERS: Record<AudioFormat, () => Promise<StreamDecoder>> = {
  wav: decode.wav,
  flac: decode.flac,
  'ogg-vorbis': decode.oga,
  'ogg-opus': decode.opus,
  'ogg-flac': decode.flac,
  mp4: decode.m4a,
  mp3: decode.mp3,
  aac: decode.aac,
};

/**
 * Decodes a whole file: MP3, Ogg (Vorbis, Opus, FLAC), FLAC, WAV, M4A or AAC, told by its content. All
 * decoders are WebAssembly or JavaScript, so every machine gives the same samples, and each file has a decoder
 * of its own.
 *
 * @throws SoundalikeError AUDIO_EMPTY, AUDIO_UNKNOWN_FORMAT, AUDIO_WITHOUT_FRAMES, AUDIO_TOO_LONG,
 *   AUDIO_TOO_SHORT (less than 5 s of a damaged file).
 */
export async function decodeAudio(bytes: Uint8Array, limits: DecodeLimits): Promise<DecodedAudio> {
  if (bytes.length === 0) {
    throw new SoundalikeError('AUDIO_EMPTY', 'the file has no bytes: copy or download it again');
  }
  const format = detectFormat(bytes);
  if (!format) {
    throw new SoundalikeError(
      'AUDIO_UNKNOWN_FORMAT',
      'the content is no MP3, Ogg, FLAC, WAV, M4A or AAC: convert it, or remove the file',
    );
  }
  const container = inspectContainer(bytes, format);
  if (container.refusal) throw withoutFrames(format, container.refusal);
  if ((container.seconds ?? 0) > limits.maximumSeconds) throw tooLong(limits);
  const { parts, fault } = await decodeParts(bytes, format, container, limits);
  if (parts.length === 0) throw withoutFrames(format, fault ?? 'no frame of it decodes');

  const { sampleRate } = parts[0];
  const channels = join(parts);
  const seconds = channels[0].length / sampleRate;
  const truncated =
    fault !== null ||
    container.damaged ||
    channels[0].length < (container.samples ?? 0) ||
    seconds < (container.seconds ?? 0) - MP4_TOLERANCE_SECONDS;
  if (truncated && seconds < LEAST_DAMAGED_SECONDS) {
    throw new SoundalikeError(
      'AUDIO_TOO_SHORT',
      `the file is damaged and only ${seconds.toFixed(1)} s of it decode, ${LEAST_DAMAGED_SECONDS} s are ` +
        'needed: get a whole copy',
    );
  }
  return { channels, sampleRate, truncated };
}

/** Feeds the decoder piece by piece. A fault in the middle ends the decoding and keeps what came before it. */
async function decodeParts(
  bytes: Uint8Array,
  format: AudioFormat,
  container: Container,
  limits: DecodeLimits,
): Promise<{ parts: AudioData[]; fault: string | null }> {
  const decoder = await DECODERS[format]();
  const parts: AudioData[] = [];
  let samples = 0;
  const keep = (part: AudioData) => {
    if (part.channelData.length === 0) return;
    checkShape(part, parts[0]);
    parts.push(part);
    samples += part.channelData[0].length;
    if (samples > limits.maximumSeconds * part.sampleRate) throw tooLong(limits);
  };
  try {
    let offset = 0;
    while (offset < bytes.length) {
      const end = Math.max(container.headerBytes, offset + PIECE_BYTES);
      keep(await decoder(bytes.subarray(offset, end)));
      offset = end;
    }
    keep(await decoder());
    return { parts, fault: null };
  } catch (error) {
    if (error instanceof SoundalikeError) throw error;
    return { parts, fault: messageOf(error) };
  } finally {
    decoder.free();
  }
}

function checkShape({ sampleRate, channelData }: AudioData, first: AudioData | undefined): void {
  if (sampleRate < LEAST_RATE || sampleRate > GREATEST_RATE || channelData.length > MOST_CHANNELS) {
    throw new SoundalikeError(
      'AUDIO_UNKNOWN_FORMAT',
      `the file names ${channelData.length} channels at ${sampleRate} Hz, which no music has: convert it`,
    );
  }
  // Streams chained in one file may differ; only the first one is the track.
  if (first && sampleRate !== first.sampleRate) throw new Error('the sampling rate changes in the file');
}

/** A decoder gives one channel for stretches of a stereo file whose two are alike: they count for both. */
function join(parts: AudioData[]): Float32Array[] {
  if (parts.length === 1) return parts[0].channelData;
  const length = parts.reduce((sum, part) => sum + part.channelData[0].length, 0);
  const count = Math.max(...parts.map((part) => part.channelData.length));
  return Array.from({ length: count }, (_, channel) => {
    const joined = new Float32Array(length);
    let place = 0;
    for (const { channelData } of parts) {
      joined.set(channelData[channel % channelData.length], place);
      place += channelData[0].length;
    }
    return joined;
  });
}

function withoutFrames(format: AudioFormat, reason: string): SoundalikeError {
  return new SoundalikeError(
    'AUDIO_WITHOUT_FRAMES',
    `the file looks like ${format} but gives no audio (${reason.split('\n')[0]}): get a whole copy`,
  );
}

function tooLong({ maximumSeconds }: DecodeLimits): SoundalikeError {
  return new SoundalikeError(
    'AUDIO_TOO_LONG',
    `the audio is longer than ${maximumSeconds} s: raise MAX_TRACK_SECONDS or leave the file out`,
  );
}
