import { tableFromIPC } from 'apache-arrow';
import { hasRow, type RowSet, rowSetOf } from './row-set.ts';
import { arrayColumn, encodeTable, numbersOf } from './segment-arrow.ts';

/** What an index says of the rows of a segment, which itself never changes. */
export interface SegmentRows {
  /** The rows that are not deleted. */
  live: RowSet;
  /** By row, where it comes from: the place of the run in the index's list of the segment's runs. */
  run: Uint32Array;
  /** By row, its row in the index that was made of that run. */
  row: Uint32Array;
}

/** One row of three lists, `live` as a bitmap: one bit a row, the lowest first. */
export function encodeSegmentRows({ live, run, row }: SegmentRows): Uint8Array {
  return encodeTable({ live: arrayColumn(live.words), run: arrayColumn(run), row: arrayColumn(row) });
}

/** @throws Error where the bytes are not as `encodeSegmentRows` writes them for so many rows and runs. */
export function decodeSegmentRows(bytes: Uint8Array, rows: number, runs: number): SegmentRows {
  const table = tableFromIPC(bytes);
  const words = numbersOf(table, 'live', Uint32Array);
  const run = numbersOf(table, 'run', Uint32Array);
  const row = numbersOf(table, 'row', Uint32Array);
  if (run.length !== rows || row.length !== rows || words.length !== Math.ceil(rows / 32)) {
    throw new Error(`it is not of ${rows} rows`);
  }
  if (run.some((place) => place >= runs)) throw new Error('it names a run that the index does not');
  const stored = { words, count: 0 };
  return { live: rowSetOf(rows, (at) => hasRow(stored, at)), run, row };
}
