import { readAiff } from './aiff-chunks.ts';
import type { ByteSource } from './byte-source.ts';
import { readStreamInfo } from './flac-header.ts';
import { type AudioFormat, id3Length } from './format.ts';
import { readMp4 } from './mp4-boxes.ts';
import { mpegWalker } from './mpeg-frames.ts';
import { oggWalker } from './ogg-pages.ts';
import type { PcmLayout } from './pcm.ts';
import { inPieces, type PieceWalker } from './piece-walker.ts';
import { readWav } from './wav-chunks.ts';
import { readXing } from './xing-header.ts';

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
  if (!xing?.frames) return null;
  return (xing.frames * xing.header.samples - xing.delay - xing.padding) / xing.header.sampleRate;
}

function readFlac(head: Uint8Array): Partial<Container> {
  const info = readStreamInfo(head, id3Length(head));
  return info ? { samples: info.samples, flacBits: info.bits } : {};
}
