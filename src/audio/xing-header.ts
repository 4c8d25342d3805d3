import { hasText } from './format.ts';
import { type MpegHeader, mpegHeaderAt } from './mpeg-frames.ts';

/** Of a Xing header with all its fields, and LAME's tag up to the delay. */
const XING_BYTES = 144;

/** What the first frame of an MP3 says of the others, in place of sound. */
export interface Xing {
  header: MpegHeader;
  /** Place behind the frame. */
  next: number;
  /** Frames that follow; 0 where it does not count them. */
  frames: number;
  /** Samples that the encoder added before and behind the sound. */
  delay: number;
  padding: number;
}

/**
 * The Xing or Info header in the first frame, with the tag of LAME behind it; null where there is none.
 *
 * @param head The file's first bytes.
 * @param start Where the frames begin, or bytes before them that belong to nothing.
 */
export function readXing(head: Uint8Array, start: number): Xing | null {
  let first = start;
  while (first < head.length && !mpegHeaderAt(head, first)) first++;
  const header = mpegHeaderAt(head, first);
  if (header?.layer !== 3) return null;
  const place = first + header.sideInformation;
  const named = hasText(head, place, 'Xing') || hasText(head, place, 'Info');
  if (!named || place + XING_BYTES > head.length) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const flags = view.getUint32(place + 4);
  const frames = (flags & 1) === 1 ? view.getUint32(place + 8) : 0;
  // Frames, bytes, places to seek to and quality, as far as the flags name them; then 12 bits for each end.
  const tag = place + 8 + [4, 4, 100, 4].reduce((sum, bytes, i) => sum + ((flags >> i) & 1) * bytes, 0);
  const ends = view.getUint32(tag + 20) & 0xffffff;
  return { header, next: first + header.length, frames, delay: ends >> 12, padding: ends & 0xfff };
}
