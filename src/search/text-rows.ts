import { hasRow, type RowSet } from './row-set.ts';

/** Texts one after the other in UTF-8, as a column of strings lies in an Arrow file. */
export interface TextColumn {
  bytes: Uint8Array;
  /** One more than rows: where the text of a row begins. */
  starts: Int32Array;
}

/**
 * Looks for the rows whose text contains every word. The bytes of all texts are looked through at once for the longest
 * word, which few rows have; only these are looked at for the others. No string is made.
 *
 * @param words At least one, none of them empty, in the form of the texts.
 * @param offset Rows found to pass over, from the first on.
 * @param limit Rows to give at most.
 * @param accept None but these rows.
 * @returns Rows in their order, and how many contain the words in all.
 */
export function rowsWithWords(
  { bytes, starts }: TextColumn,
  words: readonly string[],
  offset: number,
  limit: number,
  accept?: RowSet,
): { total: number; rows: Uint32Array } {
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [longest, ...others] = words.map((word) => Buffer.from(word)).sort((a, b) => b.length - a.length);
  const found: number[] = [];
  let total = 0;
  let row = 0;
  for (let at = texts.indexOf(longest); at >= 0; at = texts.indexOf(longest, at)) {
    row = rowAt(starts, at, row);
    const end = starts[row + 1];
    if (at + longest.length > end) {
      // It begins in this text and ends in the next.
      at++;
      continue;
    }
    if (
      (!accept || hasRow(accept, row)) &&
      (others.length === 0 || includesAll(texts, starts[row], end, others))
    ) {
      if (total >= offset && found.length < limit) found.push(row);
      total++;
    }
    at = end;
  }
  return { total, rows: Uint32Array.from(found) };
}

/** Whether the bytes from `start` to before `end` hold every word. */
function includesAll(texts: Buffer, start: number, end: number, words: readonly Buffer[]): boolean {
  const text = texts.subarray(start, end);
  return words.every((word) => text.includes(word));
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
