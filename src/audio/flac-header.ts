import type { AudioData } from 'audio-decode';
import { hasText } from './format.ts';
import type { PieceDecoder } from './pcm.ts';

/** Where `fLaC` stands in the first packet of an Ogg file, after the packet's own header (xiph.org, Ogg FLAC mapping 1.0). */
const OGG_MAPPING_BYTES = 9;

/**
 * Reads STREAMINFO (RFC 9639 §8.2).
 *
 * @param start Where `fLaC` stands, or the first page of an Ogg file.
 * @returns Hz, the bits of a sample, and the samples of each channel; null where the header does not say.
 */
export function readStreamInfo(
  bytes: Uint8Array,
  start: number,
): { sampleRate: number; bits: number; samples: number | null } | null {
  const ogg = hasText(bytes, start, 'OggS');
  const marker = ogg ? start + 27 + bytes[start + 26] + OGG_MAPPING_BYTES : start;
  if (!hasText(bytes, marker, 'fLaC') || bytes.length < marker + 26) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + marker, bytes.byteLength - marker);
  const bits = ((view.getUint16(20) >> 4) & 31) + 1;
  const sampleRate = view.getUint32(18) >>> 12;
  return { sampleRate, bits, samples: (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22) || null };
}

/**
 * The decoder divides samples by 2^(bits - 1) - 1, so that the least is beyond -1; libFLAC's users, libsndfile among
 * them, divide by 2^(bits - 1).
 */
export function rescaled(decode: PieceDecoder, bits: number): PieceDecoder {
  const divisor = 2 ** (bits - 1) - 1;
  const scale = 1 / (divisor + 1);
  const decodeRescaled = async (piece?: Uint8Array): Promise<AudioData> => {
    const part = await decode(piece);
    for (const samples of part.channelData) {
      for (let i = 0; i < samples.length; i++) samples[i] = Math.round(samples[i] * divisor) * scale;
    }
    return part;
  };
  return Object.assign(decodeRescaled, { free: () => decode.free() });
}
