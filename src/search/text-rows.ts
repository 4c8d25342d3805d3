import { load } from '../wasm/file-blocks.ts';
import { hasRow, type RowSet } from './row-set.ts';

/** Texts one after the other in UTF-8, as a column of strings lies in an Arrow file. */
export interface TextColumn {
  bytes: Uint8Array;
  /** One more than rows: where the text of a row begins. */
  starts: Int32Array;
}

/** Puts texts one after the other. */
export function textColumn(texts: readonly string[]): TextColumn {
  const starts = new Int32Array(texts.length + 1);
  for (const [row, text] of texts.entries()) starts[row + 1] = starts[row] + Buffer.byteLength(text);
  return { bytes: Buffer.from(texts.join('')), starts };
}

/** What stands between the fields of a text; no word holds it. */
export const FIELD_END = '\n';

const FIELD_END_BYTE = FIELD_END.charCodeAt(0);
const BLANK = 0x20;

/** Fields of a text: title, artist, album, genre. */
export const FIELDS = 4;

/** Rows that contain some words. */
export interface WordRows {
  /** How many there are in all. */
  total: number;
  rows: Uint32Array;
  /** Of each row; see `rowsWithWords`. */
  ranks: Uint8Array;
}

/**
 * Looks for the rows whose text contains every word, and ranks them by where: 0 where the text begins with the words in
 * their order; else 1 where every word is the beginning of a word of the first field, 2 of the first two, and so on up
 * to `FIELDS`; and behind these where a word is only found within another one.
 *
 * @param words At least one, none of them empty, in the form of the texts.
 * @param offset Rows to pass over, from the best on.
 * @param limit Rows to give at most.
 * @param accept None but these rows.
 * @returns The best first, those of one rank in their order.
 */
export function rowsWithWords(
  column: TextColumn,
  words: readonly string[],
  offset: number,
  limit: number,
  accept?: RowSet,
): WordRows {
  const { bytes, starts } = column;
  const beginning = Buffer.from(words.join(' '));
  const parts = words.map((word) => Buffer.from(word));
  const most = offset + limit;
  const ranked: number[][] = Array.from({ length: FIELDS + 2 }, () => []);
  let total = 0;
  forEachRowWith(column, parts, (row) => {
    if (accept && !hasRow(accept, row)) return;
    total++;
    // What is left cannot come before these.
    if (ranked[0].length >= most) return;
    const list = ranked[rankOf(bytes, starts[row], starts[row + 1], beginning, parts)];
    if (list.length < most) list.push(row);
  });
  const rows = ranked.flat().slice(offset, most);
  const ranks = ranked.flatMap((list, rank) => list.map(() => rank)).slice(offset, most);
  return { total, rows: Uint32Array.from(rows), ranks: Uint8Array.from(ranks) };
}

/** All rows whose text contains every word, as `rowsWithWords` finds them. */
export function rowSetWithWords(column: TextColumn, words: readonly string[], accept?: RowSet): RowSet {
  const rows = column.starts.length - 1;
  const set = { words: new Uint32Array(new SharedArrayBuffer(4 * Math.ceil(rows / 32))), count: 0 };
  const parts = words.map((word) => Buffer.from(word));
  forEachRowWith(column, parts, (row) => {
    if (accept && !hasRow(accept, row)) return;
    set.words[row >>> 5] |= 1 << (row & 31);
    set.count++;
  });
  return set;
}

/**
 * Visits the rows whose text contains every word, in their order. The bytes of all texts are looked through at once for
 * the longest word, which few rows have; only these are looked at for the others. No string is made.
 */
function forEachRowWith(
  { bytes, starts }: TextColumn,
  words: readonly Buffer[],
  visit: (row: number) => void,
): void {
  load(bytes);
  load(starts);
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [longest, ...others] = words.toSorted((a, b) => b.length - a.length);
  let row = 0;
  for (let at = texts.indexOf(longest); at >= 0; at = texts.indexOf(longest, at)) {
    row = rowAt(starts, at, row);
    const end = starts[row + 1];
    if (at + longest.length > end) {
      // It begins in this text and ends in the next.
      at++;
      continue;
    }
    if (others.length === 0 || includesAll(texts, starts[row], end, others)) visit(row);
    at = end;
  }
}

/** Whether the bytes from `start` to before `end` hold every word. */
function includesAll(texts: Buffer, start: number, end: number, words: readonly Buffer[]): boolean {
  const text = texts.subarray(start, end);
  return words.every((word) => text.includes(word));
}

function rankOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  beginning: Uint8Array,
  words: readonly Uint8Array[],
): number {
  if (isAt(bytes, start, end, beginning)) return 0;
  let worst = 0;
  for (const word of words) worst = Math.max(worst, fieldOfWord(bytes, start, end, word));
  return 1 + worst;
}

/** The first field in which a word begins with these bytes; `FIELDS` where none does. */
function fieldOfWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): number {
  let field = 0;
  let isBeginning = true;
  for (let at = start; at < end; at++) {
    if (isBeginning && isAt(bytes, at, end, word)) return field;
    const byte = bytes[at];
    if (byte === FIELD_END_BYTE) field++;
    isBeginning = byte === BLANK || byte === FIELD_END_BYTE;
  }
  return FIELDS;
}

function isAt(bytes: Uint8Array, at: number, end: number, wanted: Uint8Array): boolean {
  if (at + wanted.length > end) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/**
 * Where each field of a text begins and ends.
 *
 * @param fields Gets the ends, of `FIELDS` fields one after the other; a field that is not there is empty.
 */
export function fieldEnds({ bytes, starts }: TextColumn, row: number, fields: Int32Array): void {
  let field = 0;
  const end = starts[row + 1];
  for (let at = starts[row]; at < end; at++) if (bytes[at] === FIELD_END_BYTE) fields[field++] = at;
  fields.fill(end, field);
}

/** The row that a byte belongs to, `first` or a later one. */
function rowAt(starts: Int32Array, at: number, first: number): number {
  // A frequent word is in one of the next rows: steps that double find it sooner than halving all rows that are left.
  let low = first;
  let step = 1;
  while (low + step < starts.length - 1 && starts[low + step] <= at) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, starts.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
