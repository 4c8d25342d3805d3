import { hasText } from './format.ts';

/** A box of ISO 14496-12 §4.2: its content lies in [start, end), and it may end past the file. */
interface Box {
  type: string;
  start: number;
  end: number;
}

/**
 * Reads the boxes of an MP4 file: whether the last one is cut short, how long the sound is, and where the
 * header (`moov`) ends, before which no decoder can start.
 */
export function inspectMp4(bytes: Uint8Array): {
  damaged: boolean;
  seconds: number | null;
  headerBytes: number;
} {
  const boxes = boxesIn(bytes, 0, bytes.length);
  const header = boxes.find((box) => box.type === 'moov');
  return {
    damaged: boxes.some((box) => box.end > bytes.length),
    seconds: header && header.end <= bytes.length ? soundSeconds(bytes, header) : null,
    headerBytes: Math.min(bytes.length, header?.end ?? bytes.length),
  };
}

function soundSeconds(bytes: Uint8Array, header: Box): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const track of boxesIn(bytes, header.start, header.end)) {
    if (track.type !== 'trak') continue;
    const media = find(bytes, track, 'mdia');
    const handler = media && find(bytes, media, 'hdlr');
    const mediaHeader = media && find(bytes, media, 'mdhd');
    if (!handler || !mediaHeader || !hasText(bytes, handler.start + 8, 'soun')) continue;
    const long = bytes[mediaHeader.start] === 1;
    const scale = view.getUint32(mediaHeader.start + (long ? 20 : 12));
    const duration = long
      ? Number(view.getBigUint64(mediaHeader.start + 24))
      : view.getUint32(mediaHeader.start + 16);
    // Files in fragments have 0 here, and a duration of all ones is unknown.
    const known = scale > 0 && duration > 0 && duration < (long ? 2 ** 63 : 2 ** 32 - 1);
    return known ? duration / scale : null;
  }
  return null;
}

function find(bytes: Uint8Array, parent: Box, type: string): Box | undefined {
  return boxesIn(bytes, parent.start, parent.end).find((box) => box.type === type);
}

function boxesIn(bytes: Uint8Array, start: number, end: number): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let offset = start; offset + 8 <= Math.min(end, bytes.length); ) {
    const short = view.getUint32(offset);
    const long = short === 1 && offset + 16 <= bytes.length;
    // Size 0 goes to the end; size 1 is followed by 64 bits.
    const size = short === 0 ? end - offset : long ? Number(view.getBigUint64(offset + 8)) : short;
    if (size < 8) break;
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    boxes.push({ type, start: offset + (long ? 16 : 8), end: offset + size });
    offset += size;
  }
  return boxes;
}
