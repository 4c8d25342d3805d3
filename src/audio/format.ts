import { mpegHeaderAt } from './mpeg-frames.ts';

/** A format this program reads: its container, and for Ogg the codec in it. */
export type AudioFormat =
  | 'wav'
  | 'aiff'
  | 'flac'
  | 'ogg-vorbis'
  | 'ogg-opus'
  | 'ogg-flac'
  | 'mp4'
  | 'mp3'
  | 'aac';

/** How far into a file without any signature the first MPEG frame is looked for, in bytes. */
const SEARCHED_BYTES = 65_536;

/** Tells the format by its content, whatever the file is called; null for anything unknown. */
export function detectFormat(bytes: Uint8Array): AudioFormat | null {
  if (isWav(bytes)) return 'wav';
  if (hasText(bytes, 0, 'FORM') && (hasText(bytes, 8, 'AIFF') || hasText(bytes, 8, 'AIFC'))) return 'aiff';
  if (hasText(bytes, 0, 'OggS')) return oggCodec(bytes);
  if (hasText(bytes, 4, 'ftyp')) return 'mp4';
  const start = id3Length(bytes);
  if (hasText(bytes, start, 'fLaC')) return 'flac';
  for (let offset = start; offset < start + SEARCHED_BYTES && offset + 4 <= bytes.length; offset++) {
    const first = mpegHeaderAt(bytes, offset);
    if (!first) continue;
    // Any two bytes can look like a header; a frame is followed by a second and a third one.
    const second = mpegHeaderAt(bytes, offset + first.length);
    const alone = offset === start && offset + first.length >= bytes.length;
    if (alone) return first.layer === 0 ? 'aac' : 'mp3';
    if (second?.kind !== first.kind || second.sampleRate !== first.sampleRate) continue;
    const third = mpegHeaderAt(bytes, offset + first.length + second.length);
    if (offset === start || third?.kind === first.kind) return first.layer === 0 ? 'aac' : 'mp3';
  }
  return start > 0 ? 'mp3' : null;
}

/** WAV, its 64-bit forms RF64 and BW64, or Sony's Wave64. */
function isWav(bytes: Uint8Array): boolean {
  const riff = ['RIFF', 'RF64', 'BW64'].some((name) => hasText(bytes, 0, name));
  return (riff && hasText(bytes, 8, 'WAVE')) || isWave64(bytes);
}

/** Wave64 names its chunks by GUIDs, which begin with the letters of WAV in lower case. */
export function isWave64(bytes: Uint8Array): boolean {
  return hasText(bytes, 0, 'riff\x2e\x91\xcf\x11') && hasText(bytes, 24, 'wave');
}

/** Bytes of an ID3v2 tag at the start, 0 without one (id3.org, ID3v2.4 §3.1). */
export function id3Length(bytes: Uint8Array): number {
  if (!hasText(bytes, 0, 'ID3') || bytes.length < 10) return 0;
  const size = (bytes[6] << 21) | (bytes[7] << 14) | (bytes[8] << 7) | bytes[9];
  const footer = bytes[5] & 0x10 ? 10 : 0;
  return 10 + size + footer;
}

/** The codec named by the first packet (RFC 3533; RFC 7845 for Opus). */
function oggCodec(bytes: Uint8Array): AudioFormat | null {
  const packet = 27 + (bytes[26] ?? 0);
  if (hasText(bytes, packet, '\x01vorbis')) return 'ogg-vorbis';
  if (hasText(bytes, packet, 'OpusHead')) return 'ogg-opus';
  if (hasText(bytes, packet, '\x7fFLAC')) return 'ogg-flac';
  return null;
}

export function hasText(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}
