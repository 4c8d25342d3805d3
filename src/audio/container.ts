import { type AudioFormat, hasText, id3Length } from './format.ts';
import { inspectMp4 } from './mp4-boxes.ts';
import { mpegHeaderAt, walkMpegFrames } from './mpeg-frames.ts';
import { inspectOgg } from './ogg-pages.ts';

/** What a file says of itself. */
export interface Container {
  /** The file ends before its content does, or bytes in it are lost, as far as the container shows. */
  damaged: boolean;
  /** Samples of each channel that the header promises exactly; null where it does not say. */
  samples: number | null;
  /** Seconds that the header promises about; null where it does not say. */
  seconds: number | null;
  /** Bytes to give the decoder first, in one piece, before it can start; 0 where it can read any pieces. */
  headerBytes: number;
  /** Why no decoder can be trusted with the file; null where one can. */
  refusal: string | null;
}

const UNKNOWN: Container = { damaged: false, samples: null, seconds: null, headerBytes: 0, refusal: null };

/** Reads what the container promises, so that a file that was cut or damaged can be told from a whole one. */
export function inspectContainer(bytes: Uint8Array, format: AudioFormat): Container {
  switch (format) {
    case 'wav':
      return { ...UNKNOWN, ...inspectWav(bytes) };
    case 'flac':
      return { ...UNKNOWN, samples: flacSamples(bytes) };
    case 'mp4':
      return { ...UNKNOWN, ...inspectMp4(bytes) };
    case 'mp3':
      return { ...UNKNOWN, damaged: isMp3Damaged(bytes) };
    case 'aac':
      return { ...UNKNOWN, damaged: walkMpegFrames(bytes, id3Length(bytes)).damaged };
    default:
      return { ...UNKNOWN, damaged: inspectOgg(bytes).damaged };
  }
}

/** RIFF chunks up to the samples (Multimedia Programming Interface and Data Specifications 1.0). */
function inspectWav(bytes: Uint8Array): Partial<Container> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const size = view.getUint32(offset + 4, true);
    if (hasText(bytes, offset, 'fmt ') && offset + 24 <= bytes.length) {
      if (view.getUint16(offset + 10, true) === 0) return { refusal: 'its header names no channel' };
      if (view.getUint16(offset + 20, true) === 0) return { refusal: 'its header names samples of no size' };
    }
    if (hasText(bytes, offset, 'data')) {
      // 0 and 2^32 - 1 are what programs write that cannot seek back: the data goes to the end of the file.
      const known = size > 0 && size < 0xffffffff;
      return { damaged: known && offset + 8 + size > bytes.length };
    }
    // Chunks start at even places.
    offset += 8 + size + (size % 2);
  }
  return {};
}

/** STREAMINFO (RFC 9639 §8.2): 36 bits from byte 21 of the stream; 0 is unknown. */
function flacSamples(bytes: Uint8Array): number | null {
  const start = id3Length(bytes);
  if (bytes.length < start + 26) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  return (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22) || null;
}

/** A Xing or Info header in the first frame tells how many frames follow it. */
function isMp3Damaged(bytes: Uint8Array): boolean {
  const { first, frames, damaged } = walkMpegFrames(bytes, id3Length(bytes));
  const header = first === -1 ? null : mpegHeaderAt(bytes, first);
  if (!header) return damaged;
  const place = first + header.sideInformation;
  if (!hasText(bytes, place, 'Xing') && !hasText(bytes, place, 'Info')) return damaged;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const countsFrames = (view.getUint32(place + 4) & 1) === 1;
  return damaged || (countsFrames && frames - 1 < view.getUint32(place + 8));
}
