import type { PieceWalker } from './piece-walker.ts';

/** The header of one frame of MPEG audio (MP1-3; ISO 11172-3 §2.4.2.3) or of AAC in ADTS (ISO 13818-7 §6.2). */
export interface MpegHeader {
  /** What all frames of a stream have in common. */
  kind: number;
  /** 1 to 3; 0 is AAC. */
  layer: number;
  /** Bytes of the frame with its header. */
  length: number;
  /** Hz. */
  sampleRate: number;
  /** Samples of the frame, in each channel. */
  samples: number;
  /** Bytes of header and side information, where a Xing header may follow (layer 3). */
  sideInformation: number;
}

const BITRATES: Record<string, number[]> = {
  // kbit/s, by version (1; 2 and 2.5) and layer; index 0 is free format.
  '1-1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2-3': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const ADTS_HEADER_LENGTH = 7;
const MOST_FOLLOWING = 3;
/** An ADTS frame names its length in 13 bits, and no other one is as long. */
const MOST_FRAME_BYTES = 8191;
/** Room for a frame and the headers of those that follow it. */
const LOOKAHEAD_BYTES = (1 + MOST_FOLLOWING) * (MOST_FRAME_BYTES + ADTS_HEADER_LENGTH);
/** Samples of an AAC frame. */
const AAC_SAMPLES = 1024;
const MPEG_RATES = [44_100, 48_000, 32_000];
const AAC_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];

/** The frame header at `offset`, or null where there is none. Free-format frames have no length and count as none. */
export function mpegHeaderAt(bytes: Uint8Array, offset: number): MpegHeader | null {
  if (offset + 4 > bytes.length || bytes[offset] !== 0xff || (bytes[offset + 1] & 0xe0) !== 0xe0) return null;
  const layerBits = (bytes[offset + 1] >> 1) & 3;
  return layerBits === 0 ? adtsHeader(bytes, offset) : mpegAudioHeader(bytes, offset, 4 - layerBits);
}

function mpegAudioHeader(bytes: Uint8Array, offset: number, layer: number): MpegHeader | null {
  const [, second, third, fourth] = bytes.subarray(offset, offset + 4);
  const versionBits = (second >> 3) & 3;
  const rateIndex = (third >> 2) & 3;
  const bitrateIndex = third >> 4;
  if (versionBits === 1 || rateIndex === 3 || bitrateIndex === 0 || bitrateIndex === 15) return null;
  const first = versionBits === 3;
  const sampleRate = MPEG_RATES[rateIndex] / (first ? 1 : versionBits === 2 ? 2 : 4);
  const bitrate = BITRATES[`${first ? 1 : 2}-${layer}`][bitrateIndex] * 1000;
  const padding = (third >> 1) & 1;
  const mono = fourth >> 6 === 3;
  // A frame holds 384 samples in layer 1, 1,152 in 2 and 3, but 576 in layer 3 of versions 2 and 2.5.
  const samples = layer === 1 ? 384 : layer === 3 && !first ? 576 : 1152;
  const length =
    layer === 1
      ? 4 * (Math.floor((12 * bitrate) / sampleRate) + padding)
      : Math.floor((samples / 8) * (bitrate / sampleRate)) + padding;
  const sideInformation = 4 + (first ? (mono ? 17 : 32) : mono ? 9 : 17);
  return {
    kind: (versionBits << 4) | (layer << 2) | rateIndex,
    layer,
    length,
    sampleRate,
    samples,
    sideInformation,
  };
}

function adtsHeader(bytes: Uint8Array, offset: number): MpegHeader | null {
  if ((bytes[offset + 1] & 0xf0) !== 0xf0 || offset + ADTS_HEADER_LENGTH > bytes.length) return null;
  const rateIndex = (bytes[offset + 2] >> 2) & 15;
  const length = ((bytes[offset + 3] & 3) << 11) | (bytes[offset + 4] << 3) | (bytes[offset + 5] >> 5);
  if (rateIndex >= AAC_RATES.length || length < ADTS_HEADER_LENGTH) return null;
  return {
    kind: 0x100 | rateIndex,
    layer: 0,
    length,
    sampleRate: AAC_RATES[rateIndex],
    samples: AAC_SAMPLES,
    sideInformation: ADTS_HEADER_LENGTH,
  };
}

/** How a stream of frames looks up to where it was walked. */
export interface MpegStream {
  /** Frames that are whole. */
  frames: number;
  /** The last frame is cut short, bytes between two frames belong to none, or another stream follows. */
  damaged: boolean;
  /** Place in the file where frames of another rate, layer or version begin; null where none were found. */
  otherStream: number | null;
}

/** @param start Place of the first frame in the file, or of bytes before it that belong to nothing. */
export function mpegWalker(start: number): PieceWalker & { stream: MpegStream } {
  const stream: MpegStream = { frames: 0, damaged: false, otherStream: null };
  let walked = 0;
  let toSkip = start;
  let kind = -1;
  let gap = false;
  let cut = false;
  return {
    stream,
    walk(bytes, last) {
      let offset = toSkip;
      toSkip = 0;
      const end = last ? bytes.length : bytes.length - LOOKAHEAD_BYTES;
      while (offset < end && !cut && stream.otherStream === null) {
        const header = mpegHeaderAt(bytes, offset);
        // The first bytes of a header that the end of the file cuts.
        cut =
          !gap && stream.frames > 0 && bytes[offset] === 0xff && offset + ADTS_HEADER_LENGTH > bytes.length;
        if (cut) break;
        const fits = header !== null && (kind === -1 || header.kind === kind);
        if (!fits || (gap && followingFrames(bytes, offset, header) < 1)) {
          if (header && kind !== -1 && followingFrames(bytes, offset, header) === MOST_FOLLOWING) {
            stream.otherStream = walked + offset;
            break;
          }
          gap = stream.frames > 0 || gap;
          offset++;
          continue;
        }
        kind = header.kind;
        stream.damaged ||= gap;
        gap = false;
        cut = offset + header.length > bytes.length;
        if (cut) break;
        stream.frames++;
        offset += header.length;
      }
      stream.damaged ||= cut || stream.otherStream !== null;
      // The rest is of no interest.
      const done = stream.otherStream === null ? offset : bytes.length;
      walked += done;
      return done;
    },
  };
}

/**
 * Frames of the same kind that follow a header, up to 3. Tags at the end of a file hold any bytes, so after a gap
 * a header counts that one frame follows, and one of another kind that three follow.
 */
function followingFrames(bytes: Uint8Array, offset: number, header: MpegHeader): number {
  let place = offset + header.length;
  for (let frames = 0; frames < MOST_FOLLOWING; frames++) {
    const next = mpegHeaderAt(bytes, place);
    if (next?.kind !== header.kind) return frames;
    place += next.length;
  }
  return MOST_FOLLOWING;
}
