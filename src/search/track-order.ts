import { load } from '../wasm/file-blocks.ts';
import { FIELDS, fieldEnds, type TextColumn } from './text-rows.ts';

/** What tracks can be put in the order of. */
export const ORDERS = ['title', 'artist', 'album', 'genre', 'tempo', 'seconds'] as const;

export type OrderedBy = (typeof ORDERS)[number];

/** What a segment's tracks are put in order by, and the number of its first row in the list of segments. */
export interface OrderedTracks {
  /** `TrackTable.texts`. */
  texts: TextColumn;
  ids: TextColumn;
  tempos: Float32Array;
  seconds: Float64Array;
  first: number;
}

/** Rows in some order. */
export interface TrackOrder {
  /** Numbers in the list of segments, in shared memory: first the `known`, then those that nothing is known of. */
  rows: Uint32Array;
  known: number;
}

/** The key of what nothing is known of: it comes last. */
const UNKNOWN = Number.POSITIVE_INFINITY;

/** Places among the fields of a text. */
const [TITLE, ARTIST, ALBUM, GENRE] = [0, 1, 2, 3];

/** Fields of texts, the most important first. Within an album tracks stay in the order of ids, the album's own mostly. */
const FIELDS_OF: Record<Exclude<OrderedBy, 'tempo' | 'seconds'>, readonly number[]> = {
  title: [TITLE, ARTIST],
  artist: [ARTIST, ALBUM],
  album: [ALBUM, ARTIST],
  genre: [GENRE, ARTIST, ALBUM],
};

/**
 * Puts all rows of some segments in order, ascending; texts by their code points, as words are searched. Rows that are
 * equal are in the order of ids.
 *
 * @param segments By name; in the order of their first rows.
 */
export function orderTracks(segments: Record<string, OrderedTracks>, by: OrderedBy): TrackOrder {
  const parts = Object.values(segments);
  for (const { texts, ids, tempos, seconds } of parts) {
    for (const array of [texts.bytes, texts.starts, ids.bytes, ids.starts, tempos, seconds]) load(array);
  }
  if (by === 'tempo' || by === 'seconds') {
    const values = parts.map((part) => (by === 'tempo' ? part.tempos : part.seconds));
    return sorted(parts, (place, row) => (Number.isNaN(values[place][row]) ? UNKNOWN : values[place][row]));
  }
  const fields = FIELDS_OF[by];
  const ends = parts.map(({ texts }) => allEnds(texts));
  const bytes = parts.map(({ texts }) => bufferOf(texts));
  const span = (place: number, row: number, field: number): [start: number, end: number] => {
    const end = ends[place][FIELDS * row + field];
    if (field === TITLE) return [parts[place].texts.starts[row], end];
    // Behind what ends the field before it.
    return [Math.min(end, ends[place][FIELDS * row + field - 1] + 1), end];
  };
  const keyOf = (place: number, row: number) => {
    const [start, end] = span(place, row, fields[0]);
    return start === end ? UNKNOWN : firstBytes(bytes[place], start, end);
  };
  return sorted(parts, keyOf, (a, rowA, b, rowB) => {
    for (const field of fields) {
      const [startA, endA] = span(a, rowA, field);
      const [startB, endB] = span(b, rowB, field);
      const order = bytes[a].compare(bytes[b], startB, endB, startA, endA);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/**
 * @param keyOf Decides first.
 * @param compare Decides between rows of the same key.
 */
function sorted(
  parts: readonly OrderedTracks[],
  keyOf: (place: number, row: number) => number,
  compare: (a: number, rowA: number, b: number, rowB: number) => number = () => 0,
): TrackOrder {
  const count = parts.reduce((sum, { seconds }) => sum + seconds.length, 0);
  const places = new Uint32Array(count);
  const own = new Uint32Array(count);
  const keys = new Float64Array(count);
  let at = 0;
  let known = 0;
  for (const [place, { seconds }] of parts.entries()) {
    for (let row = 0; row < seconds.length; row++, at++) {
      [places[at], own[at], keys[at]] = [place, row, keyOf(place, row)];
      if (keys[at] !== UNKNOWN) known++;
    }
  }
  const order = Uint32Array.from(keys.keys());
  const ids = parts.map((part) => bufferOf(part.ids));
  const compareIds = (a: number, b: number) => {
    // The rows of a segment are in the order of ids as they are.
    if (places[a] === places[b]) return a - b;
    const [startsA, startsB] = [parts[places[a]].ids.starts, parts[places[b]].ids.starts];
    const [rowA, rowB] = [own[a], own[b]];
    const [idsA, idsB] = [ids[places[a]], ids[places[b]]];
    return idsA.compare(idsB, startsB[rowB], startsB[rowB + 1], startsA[rowA], startsA[rowA + 1]);
  };
  order.sort((a, b) =>
    keys[a] === keys[b]
      ? compare(places[a], own[a], places[b], own[b]) || compareIds(a, b)
      : keys[a] - keys[b],
  );
  const rows = new Uint32Array(new SharedArrayBuffer(4 * count));
  for (const [i, row] of order.entries()) rows[i] = parts[places[row]].first + own[row];
  return { rows, known };
}

const bufferOf = ({ bytes }: TextColumn) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** The ends of all fields, row by row. */
function allEnds(texts: TextColumn): Int32Array {
  const rows = texts.starts.length - 1;
  const ends = new Int32Array(FIELDS * rows);
  for (let row = 0; row < rows; row++) {
    fieldEnds(texts, row, ends.subarray(FIELDS * row, FIELDS * (row + 1)));
  }
  return ends;
}

/** As many bytes as a number holds exactly: most texts differ in these. */
const KEY_BYTES = 6;

function firstBytes(bytes: Buffer, start: number, end: number): number {
  let key = 0;
  for (let i = 0; i < KEY_BYTES; i++) key = 256 * key + (start + i < end ? bytes[start + i] : 0);
  return key;
}
