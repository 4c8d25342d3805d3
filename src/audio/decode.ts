import decode from 'audio-decode';
import { messageOf, SoundalikeError } from '../errors.ts';
import { type ByteSource, READ_BYTES } from './byte-source.ts';
import { type Container, exactSeconds, readContainer, watchDamage } from './container.ts';
import { rescaled } from './flac-header.ts';
import { type AudioFormat, detectFormat, id3Length } from './format.ts';
import { mp3Decoder } from './mp3-decoder.ts';
import { type DecodedPiece, type PieceDecoder, pcmDecoder } from './pcm.ts';

/** What is known of a file when all of it is decoded. */
export interface DecodedAudio {
  /** Seconds that decoded. */
  seconds: number;
  /** Hz. */
  sampleRate: number;
  /** Of the file, also where the decoder has mixed them. */
  channels: number;
  /** The file ended early or was damaged; the samples are those that decoded. */
  truncated: boolean;
}

/**
 * Receives a file's samples block by block, at the rate of the file: one array a channel,
 * all of one length; full scale is 1. They are good until it returns. MP3 comes mixed to one, and so may stretches of
 * another stereo file whose channels are alike.
 */
export type TakeBlock = (channels: Float32Array[], sampleRate: number) => void;

export interface DecodeLimits {
  /** Longer audio is refused, while it decodes and before it fills the memory. */
  maximumSeconds: number;
}

/** Compressed bytes given to a decoder at a time: no more than what they decode to is in memory. */
const PIECE_BYTES = 65_536;
/** An hour of silence takes next to nothing in these; and what such a piece of MP3 gives stays in the cache. */
const SMALL_PIECE_BYTES = 8192;
const SMALL_PIECES: AudioFormat[] = ['flac', 'ogg-flac', 'ogg-vorbis', 'ogg-opus', 'mp3'];
/** What of a file's start tells its format, behind an ID3v2 tag of no more than this. */
const HEAD_BYTES = 2 ** 17;
const MOST_TAG_BYTES = 2 ** 26;
/** A damaged file must hold this much, in seconds; less says little of a track. */
const LEAST_DAMAGED_SECONDS = 5;
/** Rates in Hz that the resampler takes, and most channels. */
const LEAST_RATE = 2000;
const GREATEST_RATE = 768_000;
const MOST_CHANNELS = 64;
/** AAC and its container count a track's length apart, by a few frames of 2,048. */
const MP4_TOLERANCE_SECONDS = 0.5;

/** For what is compressed: of WAV that is ADPCM, of AIFF nothing. */
type CompressedFormat = Exclude<AudioFormat, 'aiff'>;
const DECODERS: Record<CompressedFormat, (head: Uint8Array) => Promise<PieceDecoder>> = {
  wav: () => decode.wav(),
  flac: () => decode.flac(),
  'ogg-vorbis': () => decode.oga(),
  'ogg-opus': () => decode.opus(),
  'ogg-flac': () => decode.flac(),
  mp4: () => decode.m4a(),
  mp3: mp3Decoder,
  aac: () => decode.aac(),
};

/**
 * Decodes a file: MP3, Ogg (Vorbis, Opus, FLAC), FLAC, WAV, AIFF, M4A or AAC, told by its content. It is read and
 * decoded in pieces, so memory does not grow with its length. All decoders are WebAssembly or JavaScript, so every
 * machine gives the same samples, and each file has a decoder of its own.
 *
 * @throws SoundalikeError AUDIO_EMPTY, AUDIO_UNKNOWN_FORMAT, AUDIO_WITHOUT_FRAMES, AUDIO_TOO_LONG,
 *   AUDIO_TOO_SHORT (less than 5 s of a damaged file), AUDIO_CRASHED (then the process must end, as the decoder's
 *   memory may give other samples for the next file). Blocks may have been given before.
 */
export async function decodeAudio(
  source: ByteSource,
  limits: DecodeLimits,
  take: TakeBlock,
): Promise<DecodedAudio> {
  const audio = await openAudio(source);
  const { format, container } = audio;
  if ((container.seconds ?? 0) > limits.maximumSeconds) throw audioTooLong(limits);

  const { fault, damaged, ...stream } = await decodePieces(source, audio, limits, take);
  if (stream.samples === 0) throw withoutFrames(format, fault ?? 'no frame of it decodes');
  const { samples, sampleRate, channels } = stream;
  const seconds = samples / sampleRate;
  const truncated =
    fault !== null ||
    damaged ||
    container.damaged ||
    samples < (container.samples ?? 0) ||
    seconds < (container.seconds ?? 0) - MP4_TOLERANCE_SECONDS;
  if (truncated) checkDamaged(seconds);
  return { seconds, sampleRate, channels, truncated };
}

/**
 * Whether a damaged file holds enough.
 *
 * @param seconds What of it decodes.
 * @throws SoundalikeError AUDIO_TOO_SHORT for less than 5 s.
 */
export function checkDamaged(seconds: number): void {
  if (seconds >= LEAST_DAMAGED_SECONDS) return;
  throw new SoundalikeError(
    'AUDIO_TOO_SHORT',
    `the file is damaged and only ${seconds.toFixed(1)} s of it decode, ${LEAST_DAMAGED_SECONDS} s are ` +
      'needed: get a whole copy',
  );
}

/** @throws SoundalikeError AUDIO_UNKNOWN_FORMAT for a rate outside of 2 to 768 kHz, or more than 64 channels. */
export function checkShape(sampleRate: number, channels: number): void {
  if (sampleRate >= LEAST_RATE && sampleRate <= GREATEST_RATE && channels <= MOST_CHANNELS) return;
  throw new SoundalikeError(
    'AUDIO_UNKNOWN_FORMAT',
    `the file names ${channels} channels at ${sampleRate} Hz, which no music has: convert it`,
  );
}

/**
 * Seconds of sound, where the file's header tells them to the sample; else null. Not all of it may decode.
 *
 * @throws SoundalikeError AUDIO_EMPTY, AUDIO_UNKNOWN_FORMAT, AUDIO_WITHOUT_FRAMES.
 */
export async function statedSeconds(source: ByteSource): Promise<number | null> {
  const { format, head, container } = await openAudio(source);
  return exactSeconds(format, container, head);
}

interface OpenAudio {
  format: AudioFormat;
  head: Uint8Array;
  container: Container;
}

async function openAudio(source: ByteSource): Promise<OpenAudio> {
  if (source.size === 0) {
    throw new SoundalikeError('AUDIO_EMPTY', 'the file has no bytes: copy or download it again');
  }
  const head = await readHead(source);
  const format = detectFormat(head);
  if (!format) {
    throw new SoundalikeError(
      'AUDIO_UNKNOWN_FORMAT',
      'the content is no MP3, Ogg, FLAC, WAV, AIFF, M4A or AAC: convert it, have ffmpeg decode it (--decoder ffmpeg), or remove it',
    );
  }
  const container = await readContainer(source, format, head);
  if (container.refusal) throw withoutFrames(format, container.refusal);
  return { format, head, container };
}

/** The tag at the start, which may hold a picture, and what follows it. */
async function readHead(source: ByteSource): Promise<Uint8Array> {
  const head = await source.read(0, HEAD_BYTES);
  const tag = id3Length(head);
  return tag === 0 ? head : source.read(0, Math.min(tag, MOST_TAG_BYTES) + HEAD_BYTES);
}

interface Stream {
  /** Of each channel. */
  samples: number;
  sampleRate: number;
  /** The most that a block had. */
  channels: number;
  /** What ended the decoding early. What came before it counts. */
  fault: string | null;
  /** Bytes of the file are lost. */
  damaged: boolean;
}

async function decodePieces(
  source: ByteSource,
  { format, head, container }: OpenAudio,
  limits: DecodeLimits,
  take: TakeBlock,
): Promise<Stream> {
  const stream: Stream = { samples: 0, sampleRate: 0, channels: 0, fault: null, damaged: false };
  const damage = watchDamage(format, head);
  const pieceBytes = SMALL_PIECES.includes(format) ? SMALL_PIECE_BYTES : PIECE_BYTES;
  const decoder = await createDecoder(format, container, head);
  const decodeNext = async (piece?: Uint8Array) => {
    const block = await decoder(piece).catch((error: unknown) => {
      // Decoders of one kind share a memory, which nobody can trust after a trap.
      if ((error as Error).name === 'RuntimeError') {
        throw new SoundalikeError('AUDIO_CRASHED', `the ${format} decoder broke down (${messageOf(error)})`);
      }
      return messageOf(error);
    });
    if (typeof block === 'string') stream.fault = block;
    else if (block.channelData.length > 0) addBlock(block, stream, limits, take);
  };
  try {
    if (container.front.length > 0) await decodeNext(container.front);
    for (let offset = container.next; offset < source.size && stream.fault === null; ) {
      const bytes = await source.read(offset, READ_BYTES);
      if (bytes.length === 0) stream.fault = 'the file becomes shorter while it is read';
      damage.push(bytes);
      offset += bytes.length;
      if (offset >= source.size) stream.damaged = damage.end();
      // A decoder gives the samples of one piece one rate, whatever follows in it.
      const end = Math.min(bytes.length, (damage.otherStream() ?? offset) - (offset - bytes.length));
      for (let start = 0; start < end && stream.fault === null; start += pieceBytes) {
        await decodeNext(bytes.subarray(start, Math.min(end, start + pieceBytes)));
      }
      if (end < bytes.length) {
        stream.damaged = true;
        break;
      }
    }
    if (stream.fault === null) await decodeNext();
    return stream;
  } finally {
    decoder.free();
  }
}

async function createDecoder(
  format: AudioFormat,
  { pcm, flacBits }: Container,
  head: Uint8Array,
): Promise<PieceDecoder> {
  if (pcm) return pcmDecoder(pcm);
  const decoder = await DECODERS[format as CompressedFormat](head);
  return flacBits === null ? decoder : rescaled(decoder, flacBits);
}

function addBlock(
  { channelData, sampleRate, channels = channelData.length }: DecodedPiece,
  stream: Stream,
  limits: DecodeLimits,
  take: TakeBlock,
): void {
  checkShape(sampleRate, channels);
  // Streams chained in one file may differ; only the first one is the track.
  if (stream.samples > 0 && sampleRate !== stream.sampleRate) {
    stream.fault = 'the sampling rate changes in the file';
    return;
  }
  stream.sampleRate = sampleRate;
  stream.channels = Math.max(stream.channels, channels);
  stream.samples += channelData[0].length;
  if (stream.samples > limits.maximumSeconds * sampleRate) throw audioTooLong(limits);
  take(channelData, sampleRate);
}

function withoutFrames(format: AudioFormat, reason: string): SoundalikeError {
  return new SoundalikeError(
    'AUDIO_WITHOUT_FRAMES',
    `the file looks like ${format} but gives no audio (${reason.split('\n')[0]}): get a whole copy`,
  );
}

export function audioTooLong({ maximumSeconds }: DecodeLimits): SoundalikeError {
  return new SoundalikeError(
    'AUDIO_TOO_LONG',
    `the audio is longer than ${maximumSeconds} s: raise MAX_TRACK_SECONDS or leave the file out`,
  );
}
