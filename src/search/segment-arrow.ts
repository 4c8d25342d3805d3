import type { DataType } from 'apache-arrow';
import {
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  List,
  Message,
  MessageHeader,
  makeData,
  Table,
  tableToIPC,
  Uint8,
  Uint32,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { load, loaderOf } from '../wasm/file-blocks.ts';
import type { TextColumn } from './text-rows.ts';

/** The typed arrays that a segment is made of. */
export type Numbers = Float32Array | Float64Array | Uint8Array | Uint32Array;

function numbers(values: Numbers) {
  if (values instanceof Float32Array) return makeData({ type: new Float32(), data: values });
  if (values instanceof Float64Array) return makeData({ type: new Float64(), data: values });
  if (values instanceof Uint8Array) return makeData({ type: new Uint8(), data: values });
  return makeData({ type: new Uint32(), data: values });
}

/** A column of plain numbers, one a row. */
export function numberColumn(values: Numbers): Vector {
  return new Vector<DataType>([numbers(values)]);
}

/** A matrix as a column of lists of `width` numbers, one list a row. */
export function matrixColumn(values: Numbers, width: number): Vector {
  const child = numbers(values);
  const type = new FixedSizeList(width, new Field('item', child.type, false));
  return new Vector([makeData({ type, length: values.length / width, nullCount: 0, child })]);
}

/** A whole array as the one list of a table's only row, for arrays of different lengths side by side. */
export function arrayColumn(values: Numbers): Vector {
  const child = numbers(values);
  const type = new List(new Field('item', child.type, false));
  const valueOffsets = Int32Array.of(0, values.length);
  return new Vector([makeData({ type, length: 1, nullCount: 0, valueOffsets, child })]);
}

export function stringColumn(values: readonly (string | null)[]): Vector {
  return vectorFromArray(values, new Utf8());
}

/**
 * Texts of which many are the same: each once, and its number in the rows.
 *
 * @param id Of the dictionary, its own in a table: Arrow's would depend on what the process wrote before.
 */
export function codedColumn(values: readonly (string | null)[], id: number): Vector {
  return vectorFromArray(values, new Dictionary(new Utf8(), new Int32(), id));
}

/** A column of `codedColumn` as plain arrays, which threads can share. */
export interface CodedColumn {
  /** The number of a row's text. */
  codes: Int32Array;
  /** A bit a row, the lowest first: 1 where it has a text. Empty where all have. */
  valid: Uint8Array;
  /** The texts one after the other, in UTF-8. */
  bytes: Uint8Array;
  /** One more than texts: where each begins. */
  starts: Int32Array;
}

/** @throws Error where the column is not there as one batch of `codedColumn`. */
export function codedColumnOf(table: Table, column: string): CodedColumn {
  const batches = table.getChild<string>(column)?.data ?? [];
  const [data] = batches;
  if (batches.length !== 1 || !(data.values instanceof Int32Array) || !data.dictionary) {
    throw new Error(`no column ${column} of coded texts`);
  }
  const { values, nullBitmap, nullCount, length, dictionary } = data;
  const valid = nullCount > 0 ? nullBitmap : new Uint8Array(0);
  return { codes: values.subarray(0, length), valid, ...columnOf(dictionary, column) };
}

/** The number of a row's text, -1 where it has none. Of loaded arrays. */
export function codeOf({ codes, valid }: CodedColumn, row: number): number {
  return valid.length === 0 || ((valid[row >>> 3] >>> (row & 7)) & 1) === 1 ? codes[row] : -1;
}

/** All texts, by number. Of loaded arrays. */
export function namesOf({ bytes, starts }: CodedColumn): string[] {
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: starts.length - 1 }, (_, code) =>
    texts.toString('utf8', starts[code], starts[code + 1]),
  );
}

/** Reads the texts of a coded column one by one. */
export function codedReader(column: CodedColumn): (row: number) => string | null {
  const { codes, valid, bytes, starts } = column;
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [loadCodes, loadValid, loadBytes, loadStarts] = [codes, valid, bytes, starts].map(loaderOf);
  return (row) => {
    if (valid.length > 0) loadValid(row >>> 3, (row >>> 3) + 1);
    loadCodes(4 * row, 4 * row + 4);
    const code = codeOf(column, row);
    if (code < 0) return null;
    loadStarts(4 * code, 4 * code + 8);
    loadBytes(starts[code], starts[code + 1]);
    return texts.toString('utf8', starts[code], starts[code + 1]);
  };
}

export function encodeTable(columns: Record<string, Vector>): Uint8Array {
  return tableToIPC(new Table(columns), 'file');
}

/**
 * The numbers of a column without copying: a view on the bytes that the table was read from.
 *
 * @throws Error where the column is not there as one batch of this kind.
 */
export function numbersOf<Kind extends Numbers>(
  table: Table,
  column: string,
  kind: { new (length: number): Kind; name: string },
): Kind {
  const batches = table.getChild(column)?.data ?? [];
  const data = batches[0]?.children[0] ?? batches[0];
  if (batches.length !== 1 || !(data.values instanceof kind)) {
    throw new Error(`no column ${column} of one ${kind.name}`);
  }
  // Arrow fills buffers up to 8 bytes: what lies behind the length is no value.
  return data.values.subarray(0, data.length) as Kind;
}

/**
 * The strings of a column in UTF-8, without copying; empty where there is none.
 *
 * @throws Error where the column is not there as one batch of strings.
 */
export function textsOf(table: Table, column: string): TextColumn {
  return columnOf(table.getChild(column), column);
}

function columnOf(vector: Vector | null, column: string): TextColumn {
  const batches = vector?.data ?? [];
  const { values, valueOffsets, length } = batches[0] ?? {};
  if (batches.length !== 1 || !(values instanceof Uint8Array) || !(valueOffsets instanceof Int32Array)) {
    throw new Error(`no column ${column} of strings`);
  }
  return { bytes: values, starts: valueOffsets.subarray(0, length + 1) };
}

/**
 * Reads the strings of a column one by one. Arrow's own reader takes several times as long: it copies each out of
 * shared memory before it decodes it.
 *
 * @throws Error where the column is not there as one batch of strings.
 */
export function textReader(table: Table, column: string): (row: number) => string | null {
  return readerOf(table.getChild(column), column);
}

function readerOf(vector: Vector | null, column: string): (row: number) => string | null {
  const { bytes, starts } = columnOf(vector, column);
  const [data] = vector!.data;
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [loadNulls, loadStarts, loadBytes] = [data.nullBitmap, starts, bytes].map(loaderOf);
  return (row) => {
    loadNulls(row >>> 3, (row >>> 3) + 1);
    if (!data.getValid(row)) return null;
    loadStarts(4 * row, 4 * row + 8);
    loadBytes(starts[row], starts[row + 1]);
    return texts.toString('utf8', starts[row], starts[row + 1]);
  };
}

/** Bytes before the first message of a file in Arrow's IPC format: its magic, filled up. */
const MAGIC = 8;

/** Bytes before the metadata of a message: a mark and the length of the metadata. */
const PREFIX = 8;

/** The end of a file: the length of the footer before it, and the magic. */
const TRAILER = 10;

/**
 * Loads what `tableFromIPC` reads of a file: the metadata of its messages and the footer, but none of the columns.
 *
 * @param bytes Of `openBlocks`. Where they are no Arrow file, `tableFromIPC` will say so.
 */
export function loadMetadata(bytes: Uint8Array): void {
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const trailer = Math.max(0, bytes.length - TRAILER);
  load(bytes, trailer);
  const footer = trailer - (bytes.length < TRAILER ? 0 : numbers.getInt32(trailer, true));
  load(bytes, Math.max(0, footer));
  for (let at = MAGIC; at + PREFIX < footer; ) {
    load(bytes, at, at + PREFIX);
    const start = at + PREFIX;
    const end = start + numbers.getInt32(at + 4, true);
    if (end <= start || end > footer) return;
    load(bytes, start, end);
    const message = Message.decode(bytes.subarray(start, end));
    if (message.headerType === MessageHeader.RecordBatch) return;
    at = end + message.bodyLength;
  }
}
