import type { ByteSource } from './byte-source.ts';
import { hasText } from './format.ts';
import { tableFits } from './mp4-tables.ts';

/** A box of ISO 14496-12 §4.2: its content lies in [start, end), and it may end past the file. */
interface Box {
  type: string;
  start: number;
  end: number;
}

/** A header holds a few bytes for each frame; that of a day of AAC is 20 MB long. */
const MOST_HEADER_BYTES = 2 ** 26;

/** Of the fields up to the duration, in the longer of the two forms (ISO 14496-12 §8.4.2). */
const MEDIA_HEADER_BYTES = 32;

/** Boxes on the way to the tables of where the sound lies. */
const WAY = ['moov', 'trak', 'mdia', 'minf', 'stbl'];

/** Boxes that hold boxes with tables in them, and how deep they may lie in one another: they do 5 deep. */
const CONTAINERS = [...WAY, 'traf'];
const MOST_DEPTH = 10;

export interface Mp4File {
  /** Its last box is cut short. */
  damaged: boolean;
  /** Why it cannot be decoded. */
  refusal: string | null;
  /** Length of the sound; null where the header does not say. */
  seconds: number | null;
  /** What a decoder needs first, in one piece, and where the file goes on behind it. */
  front: Uint8Array;
  next: number;
}

/**
 * Reads the boxes of an MP4 file. No decoder can start before the header (`moov`): where it stands behind the
 * sound, it is brought to the front.
 */
export async function readMp4(source: ByteSource): Promise<Mp4File> {
  const boxes = await outerBoxes(source);
  const damaged = boxes.some((box) => box.end > source.size);
  const refused = (refusal: string) => ({
    damaged,
    refusal,
    seconds: null,
    front: new Uint8Array(0),
    next: 0,
  });
  const place = boxes.findIndex(({ type }) => type === 'moov');
  if (place === -1) return refused('its header is missing');
  const start = place === 0 ? 0 : boxes[place - 1].end;
  const { end } = boxes[place];
  if (end > source.size) return refused('its header is cut short');
  if (end - start > MOST_HEADER_BYTES) return refused('its header is longer than 64 MiB');
  const header = await source.read(start, end - start);
  if (!(await tablesFit(source, header, boxes))) return refused('its tables name more than they hold');
  const seconds = soundSeconds(header);
  if (boxes.slice(0, place).some(({ type }) => type === 'mdat')) {
    return { damaged, refusal: null, seconds, front: broughtToFront(header), next: 0 };
  }
  if (end > MOST_HEADER_BYTES) return refused('its header begins behind 64 MiB of something else');
  return { damaged, refusal: null, seconds, front: await source.read(0, end), next: end };
}

/** Of the header, and of the fragments' (`moof`). */
async function tablesFit(source: ByteSource, header: Uint8Array, boxes: Box[]): Promise<boolean> {
  const fits = (bytes: Uint8Array, start: number, end: number, depth: number): boolean =>
    boxesIn(bytes, start, end).every((box) => {
      const last = Math.min(box.end, bytes.length);
      return CONTAINERS.includes(box.type)
        ? depth < MOST_DEPTH && fits(bytes, box.start, last, depth + 1)
        : tableFits(box.type, bytes.subarray(box.start, last), source.size);
    });
  if (!fits(header, 0, header.length, 0)) return false;
  for (const { type, start, end } of boxes) {
    if (type !== 'moof') continue;
    const fragment = await source.read(start, Math.min(end - start, MOST_HEADER_BYTES));
    if (!fits(fragment, 0, fragment.length, 0)) return false;
  }
  return true;
}

async function outerBoxes(source: ByteSource): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let offset = 0; offset + 8 <= source.size; ) {
    const box = boxAt(await source.read(offset, 16), 0, source.size - offset);
    if (!box) break;
    boxes.push({ type: box.type, start: offset + box.start, end: offset + box.end });
    offset += box.end;
  }
  return boxes;
}

/** The header as it has to be where the whole file follows it: the sound lies further back by its length. */
function broughtToFront(header: Uint8Array): Uint8Array {
  const moved = header.slice();
  const view = new DataView(moved.buffer);
  const move = (start: number, end: number, depth: number) => {
    for (const box of boxesIn(moved, start, end)) {
      const last = Math.min(box.end, moved.length);
      if (box.type === WAY[depth]) move(box.start, last, depth + 1);
      // Behind version and number of entries (ISO 14496-12 §8.7.5).
      const first = box.start + 8;
      if (box.type === 'stco') {
        for (let entry = first; entry + 4 <= last; entry += 4) {
          view.setUint32(entry, view.getUint32(entry) + moved.length);
        }
      } else if (box.type === 'co64') {
        for (let entry = first; entry + 8 <= last; entry += 8) {
          view.setBigUint64(entry, view.getBigUint64(entry) + BigInt(moved.length));
        }
      }
    }
  };
  move(0, moved.length, 0);
  return moved;
}

function soundSeconds(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [header] = boxesIn(bytes, 0, bytes.length);
  for (const track of boxesIn(bytes, header.start, header.end)) {
    if (track.type !== 'trak') continue;
    const media = find(bytes, track, 'mdia');
    const handler = media && find(bytes, media, 'hdlr');
    const mediaHeader = media && find(bytes, media, 'mdhd');
    if (!handler || !mediaHeader || !hasText(bytes, handler.start + 8, 'soun')) continue;
    if (mediaHeader.start + MEDIA_HEADER_BYTES > bytes.length) return null;
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
  const boxes: Box[] = [];
  for (let offset = start; offset + 8 <= Math.min(end, bytes.length); ) {
    const box = boxAt(bytes, offset, end);
    if (!box) break;
    boxes.push(box);
    offset = box.end;
  }
  return boxes;
}

/** @param end Of the box around it, or of the file. */
function boxAt(bytes: Uint8Array, offset: number, end: number): Box | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const short = view.getUint32(offset);
  const long = short === 1 && offset + 16 <= bytes.length;
  // Size 0 goes to the end; size 1 is followed by 64 bits.
  const size = short === 0 ? end - offset : long ? Number(view.getBigUint64(offset + 8)) : short;
  if (size < 8) return null;
  const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
  return { type, start: offset + (long ? 16 : 8), end: offset + size };
}
