import type { AudioData } from 'audio-decode';

/** How the samples of an uncompressed file are stored, and where. */
export interface PcmLayout {
  encoding: 'signed' | 'unsigned' | 'float' | 'a-law' | 'mu-law';
  /** Bytes of one sample: 1 to 4, 4 or 8 for `float`, 1 for the two laws. */
  sampleBytes: number;
  littleEndian: boolean;
  channels: number;
  /** Hz. */
  sampleRate: number;
  /** The samples lie in the file's bytes [start, end), interleaved. */
  start: number;
  end: number;
}

/** What the header of a file that may be uncompressed says, as in `Container`. */
export interface PcmHeader {
  damaged?: boolean;
  samples?: number | null;
  refusal?: string;
  pcm?: PcmLayout;
}

/** What a piece decodes to. */
export interface DecodedPiece extends AudioData {
  /** Those of the file, where the decoder has mixed them; else as many as there are. */
  channels?: number;
}

/** A decoder that takes a file piece by piece, and nothing at its end. */
export interface PieceDecoder {
  (piece?: Uint8Array): Promise<DecodedPiece>;
  free(): void;
}

type SampleReader = (view: DataView, offset: number) => number;

/** ITU-T G.711: sign, three bits of exponent and four of mantissa, as 16-bit samples. */
const A_LAW = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return (bits & 0x80 ? magnitude : -magnitude) / 2 ** 15;
});
const MU_LAW = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 255;
  const magnitude = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return (bits & 0x80 ? -magnitude : magnitude) / 2 ** 15;
});

/** Whether samples of this encoding and width can be read. */
export function isReadable({ encoding, sampleBytes }: Pick<PcmLayout, 'encoding' | 'sampleBytes'>): boolean {
  switch (encoding) {
    case 'signed':
      return [1, 2, 3, 4].includes(sampleBytes);
    case 'float':
      return sampleBytes === 4 || sampleBytes === 8;
    default:
      return sampleBytes === 1;
  }
}

/** A sample as a number; whole numbers are divided by 2^(bits - 1), as libsndfile does it. */
function sampleReader({ encoding, sampleBytes, littleEndian }: PcmLayout): SampleReader {
  if (encoding === 'a-law') return (view, offset) => A_LAW[view.getUint8(offset)];
  if (encoding === 'mu-law') return (view, offset) => MU_LAW[view.getUint8(offset)];
  if (encoding === 'unsigned') return (view, offset) => (view.getUint8(offset) - 128) / 2 ** 7;
  if (encoding === 'float') {
    return sampleBytes === 8
      ? (view, offset) => view.getFloat64(offset, littleEndian)
      : (view, offset) => view.getFloat32(offset, littleEndian);
  }
  switch (sampleBytes) {
    case 1:
      return (view, offset) => view.getInt8(offset) / 2 ** 7;
    case 2:
      return (view, offset) => view.getInt16(offset, littleEndian) / 2 ** 15;
    case 3:
      return littleEndian
        ? (view, offset) => (view.getInt16(offset + 1, true) * 256 + view.getUint8(offset)) / 2 ** 23
        : (view, offset) => (view.getInt16(offset) * 256 + view.getUint8(offset + 2)) / 2 ** 23;
    default:
      return (view, offset) => view.getInt32(offset, littleEndian) / 2 ** 31;
  }
}

/** Decodes uncompressed samples. What lies outside of the layout's bytes is passed over. */
export function pcmDecoder(layout: PcmLayout): PieceDecoder {
  const { channels, sampleRate, sampleBytes, start, end } = layout;
  const block = channels * sampleBytes;
  const read = sampleReader(layout);
  let offset = 0;
  let rest: Uint8Array = new Uint8Array(0);

  const decode = async (piece: Uint8Array = new Uint8Array(0)): Promise<AudioData> => {
    const within = piece.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
    offset += piece.length;
    const bytes = rest.length > 0 ? Buffer.concat([rest, within]) : within;
    const frames = Math.floor(bytes.length / block);
    rest = bytes.slice(frames * block);
    if (frames === 0) return { channelData: [], sampleRate };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const channelData = Array.from({ length: channels }, (_, channel) => {
      const samples = new Float32Array(frames);
      for (let i = 0, place = channel * sampleBytes; i < frames; i++, place += block) {
        samples[i] = read(view, place);
      }
      return samples;
    });
    return { channelData, sampleRate };
  };
  return Object.assign(decode, { free() {} });
}
