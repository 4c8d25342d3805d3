import { readAiff } from './aiff-chunks.ts';
import type { ByteSource } from './byte-source.ts';
import { readStreamInfo } from './flac-header.ts';
import { type AudioFormat, hasText, id3Length } from './format.ts';
import { readMp4 } from './mp4-boxes.ts';
import { type MpegHeader, mpegHeaderAt, mpegWalker } from './mpeg-frames.ts';
import { oggWalker } from './ogg-pages.ts';
import type { PcmLayout } from './pcm.ts';
import { inPieces, type PieceWalker } from './piece-walker.ts';
import { readWav } from './wav-chunks.ts';

/** Of a Xing header with all its fields, and LAME's tag up to the delay. */
const XING_BYTES = 144;

/** What a file says of itself before its sound begins. */
export interface Container {
  /** The file ends before its content does. */
  damaged: boolean;
  /** Samples of each channel that the header promises exactly; null where it does not say. */
  samples: number | null;
  /** Seconds that the header promises about; null where it does not say. */
  seconds: number | null;
  /** Bytes to give the decoder first, in one piece, before it can start; where the file goes on behind them. */
  front: Uint8Array;
  next: number;
  /** Why no decoder can be trusted with the file; null where one can. */
  refusal: string | null;
  /** Where and how the samples lie, in a file that holds them uncompressed; null for any other. */
  pcm: PcmLayout | null;
  /** Bits of a sample of FLAC; null where the header is lost, and for any other format. */
  flacBits: number | null;
}

/** Looks for damage in a file's bytes, piece by piece. */
export interface DamageWatch {
  push(piece: Uint8Array): void;
  /** Place in the file where another stream begins that must not be decoded with the first; null as far as known. */
  otherStream(): number | null;
  /** Whether bytes in the file are lost, as far as the container shows. Call it once, behind the last piece. */
  end(): boolean;
}

const UNKNOWN: Container = {
  damaged: false,
  samples: null,
  seconds: null,
  front: new Uint8Array(0),
  next: 0,
  refusal: null,
  pcm: null,
  flacBits: null,
};

/**
 * Reads what the header promises, so that a file that was cut or damaged can be told from a whole one.
 *
 * @param head The file's first bytes, an ID3v2 tag and what follows it.
 */
export async function readContainer(
  source: ByteSource,
  format: AudioFormat,
  head: Uint8Array,
): Promise<Container> {
  switch (format) {
    case 'wav':
      return { ...UNKNOWN, ...(await readWav(source)) };
    case 'aiff':
      return { ...UNKNOWN, ...(await readAiff(source)) };
    case 'flac':
      return { ...UNKNOWN, ...readFlac(head) };
    case 'ogg-flac':
      return { ...UNKNOWN, flacBits: readStreamInfo(head, 0)?.bits ?? null };
    case 'mp4':
      return { ...UNKNOWN, ...(await readMp4(source)) };
    default:
      return UNKNOWN;
  }
}

/** @param head As for `readContainer`. */
export function watchDamage(format: AudioFormat, head: Uint8Array): DamageWatch {
  switch (format) {
    case 'mp3':
    case 'aac': {
      const start = id3Length(head);
      const walker = mpegWalker(start);
      const promised = format === 'mp3' ? (readXing(head, start)?.frames ?? 0) : 0;
      // The first frame holds the promise and is not counted.
      return watch(
        walker,
        () => walker.stream.damaged || (promised > 0 && walker.stream.frames - 1 < promised),
        () => walker.stream.otherStream,
      );
    }
    case 'ogg-vorbis':
    case 'ogg-opus':
    case 'ogg-flac': {
      const walker = oggWalker();
      return watch(walker, walker.isDamaged, walker.otherStream);
    }
    default:
      return { push: () => {}, otherStream: () => null, end: () => false };
  }
}

function watch(
  walker: PieceWalker,
  isDamaged: () => boolean,
  otherStream: DamageWatch['otherStream'],
): DamageWatch {
  const { push, end } = inPieces(walker);
  return {
    push,
    otherStream,
    end() {
      end();
      return isDamaged();
    },
  };
}

/**
 * Seconds of sound, where the header tells them to the sample; else null.
 *
 * @param head As for `readContainer`.
 */
export function exactSeconds(format: AudioFormat, { samples }: Container, head: Uint8Array): number | null {
  const start = id3Length(head);
  if (format === 'flac' && samples !== null) return samples / readStreamInfo(head, start)!.sampleRate;
  const xing = format === 'mp3' ? readXing(head, start) : null;
  return xing && (xing.frames * xing.header.samples - xing.trimmed) / xing.header.sampleRate;
}

function readFlac(head: Uint8Array): Partial<Container> {
  const info = readStreamInfo(head, id3Length(head));
  return info ? { samples: info.samples, flacBits: info.bits } : {};
}

interface Xing {
  header: MpegHeader;
  /** Frames that follow the first one. */
  frames: number;
  /** Samples that the encoder added at both ends and the decoder takes off. */
  trimmed: number;
}

/** The Xing or Info header in the first frame, with the tag of LAME behind it; null where it counts no frames. */
function readXing(head: Uint8Array, start: number): Xing | null {
  let first = start;
  while (first < head.length && !mpegHeaderAt(head, first)) first++;
  const header = mpegHeaderAt(head, first);
  if (!header) return null;
  const place = first + header.sideInformation;
  const named = hasText(head, place, 'Xing') || hasText(head, place, 'Info');
  if (!named || place + XING_BYTES > head.length) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const flags = view.getUint32(place + 4);
  const frames = (flags & 1) === 1 ? view.getUint32(place + 8) : 0;
  // Frames, bytes, places to seek to and quality, as far as the flags name them; then 12 bits for each end.
  const tag = place + 8 + [4, 4, 100, 4].reduce((sum, bytes, i) => sum + ((flags >> i) & 1) * bytes, 0);
  const ends = view.getUint32(tag + 20) & 0xffffff;
  return frames > 0 ? { header, frames, trimmed: (ends >> 12) + (ends & 0xfff) } : null;
}
