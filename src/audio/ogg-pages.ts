import { hasText } from './format.ts';
import type { PieceWalker } from './piece-walker.ts';

const HEADER_LENGTH = 27;
/** Flags of a page. */
const FIRST_PAGE = 2;
const LAST_PAGE = 4;

/** CRC of a page: polynomial 0x04c11db7, not reflected, start 0 (RFC 3533 §6). */
const checksums = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/**
 * Walks the pages of an Ogg file (RFC 3533 §6). It is damaged where a page is missing, cut short or does not have
 * its checksum, the stream ends without its last page, or one of another codec or rate is chained to it.
 */
export function oggWalker(): PieceWalker & { isDamaged(): boolean; otherStream(): number | null } {
  const sequences = new Map<number, number>();
  let ended = false;
  let damaged = false;
  let walked = 0;
  let kind: string | null = null;
  // The first pages of streams that run side by side, like a film's, stand before all others.
  let begun = false;
  let otherStream: number | null = null;
  return {
    isDamaged: () => damaged || !ended,
    otherStream: () => otherStream,
    walk(bytes, last) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let offset = 0;
      while (!damaged && offset + HEADER_LENGTH <= bytes.length) {
        if (!hasText(bytes, offset, 'OggS')) {
          offset = bytes.length;
          break;
        }
        const end = pageEnd(bytes, offset);
        if (end > bytes.length && !last) break;
        const starts = (bytes[offset + 5] & FIRST_PAGE) !== 0;
        kind ??= kindOf(view, bytes, offset);
        if (begun && starts && kindOf(view, bytes, offset) !== kind) otherStream ??= walked + offset;
        begun ||= !starts;
        damaged =
          otherStream !== null ||
          end > bytes.length ||
          !isNext(view, offset) ||
          !hasChecksum(view, bytes, offset, end);
        ended = (bytes[offset + 5] & LAST_PAGE) !== 0;
        offset = end;
      }
      walked += offset;
      return damaged ? bytes.length : offset;
    },
  };

  function isNext(view: DataView, offset: number): boolean {
    const serial = view.getUint32(offset + 14, true);
    const sequence = view.getUint32(offset + 18, true);
    const expected = sequences.get(serial) ?? sequence;
    sequences.set(serial, sequence + 1);
    return sequence === expected;
  }
}

/** The codec that a stream's first page names, and its rate where streams of the codec have several. */
function kindOf(view: DataView, bytes: Uint8Array, offset: number): string {
  const packet = offset + HEADER_LENGTH + (bytes[offset + 26] ?? 0);
  if (packet + 16 > bytes.length) return '';
  const codec = String.fromCharCode(...bytes.subarray(packet, packet + 7));
  // The rate stands at byte 12 in Vorbis (Vorbis I §4.2.2); Opus is always of 48 kHz.
  return codec === '\x01vorbis' ? `${codec} ${view.getUint32(packet + 12, true)}` : codec;
}

/** Behind the bytes, where they do not hold the page's whole table of lengths. */
function pageEnd(bytes: Uint8Array, offset: number): number {
  const segments = bytes[offset + 26];
  let end = offset + HEADER_LENGTH + segments;
  for (let i = offset + HEADER_LENGTH; i < offset + HEADER_LENGTH + segments; i++) end += bytes[i] ?? 0;
  return end;
}

function hasChecksum(view: DataView, bytes: Uint8Array, offset: number, end: number): boolean {
  return pageChecksum(bytes, offset, end) === view.getUint32(offset + 22, true);
}

/** The page's own checksum field counts as zero. */
function pageChecksum(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const byte = i >= start + 22 && i < start + 26 ? 0 : bytes[i];
    sum = (sum << 8) ^ checksums[(sum >>> 24) ^ byte];
  }
  return sum >>> 0;
}
