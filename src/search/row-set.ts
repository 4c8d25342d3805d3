/** Some of the rows of a segment. Structured-cloneable, so that threads can be handed one. */
export interface RowSet {
  /** One bit a row, the lowest first; 0 beyond the last row. In shared memory. */
  words: Uint32Array;
  /** Rows in it. */
  count: number;
}

/** Which rows may be found; all where nothing is said. */
export interface RowChoice {
  /** None but these. */
  accept?: RowSet;
  /** A few rows to pass over, such as the query's own. */
  excludeRows?: readonly number[];
}

/** The rows, of so many, that are accepted. */
export function rowSetOf(rows: number, accept: (row: number) => boolean): RowSet {
  const words = new Uint32Array(new SharedArrayBuffer(4 * Math.ceil(rows / 32)));
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (!accept(row)) continue;
    words[row >>> 5] |= 1 << (row & 31);
    count++;
  }
  return { words, count };
}

/**
 * Sets of rows that are numbered through, as one.
 *
 * @param end Above all numbers.
 * @param parts `first` is the number of a set's first row, a multiple of 32.
 */
export function joinRowSets(end: number, parts: readonly { set: RowSet; first: number }[]): RowSet {
  const words = new Uint32Array(new SharedArrayBuffer(4 * Math.ceil(end / 32)));
  for (const { set, first } of parts) words.set(set.words, first / 32);
  return { words, count: parts.reduce((sum, { set }) => sum + set.count, 0) };
}

/** The rows that are in both of two sets of the same rows. */
export function commonRows(a: RowSet, b: RowSet): RowSet {
  const words = new Uint32Array(new SharedArrayBuffer(a.words.byteLength));
  for (let i = 0; i < words.length; i++) words[i] = a.words[i] & b.words[i];
  return { words, count: countBits(words) };
}

export function countBits(words: Uint32Array): number {
  let count = 0;
  for (let word of words) for (; word !== 0; word &= word - 1) count++;
  return count;
}

export function hasRow({ words }: RowSet, row: number): boolean {
  return ((words[row >>> 5] >>> (row & 31)) & 1) === 1;
}

/** Whether a row may be found. */
export const isChosen = (row: number, { accept, excludeRows }: RowChoice): boolean =>
  !excludeRows?.includes(row) && (!accept || hasRow(accept, row));

/**
 * Lists rows of a set in their order.
 *
 * @param from The first row that may be listed.
 * @param most Rows to list at most.
 * @param listed Gets them.
 * @returns How many were listed.
 */
export function listRows({ words }: RowSet, from: number, most: number, listed: Uint32Array): number {
  let count = 0;
  for (let word = from >>> 5; word < words.length; word++) {
    let bits = words[word] & (32 * word < from ? -1 << (from & 31) : -1);
    for (; bits !== 0; bits &= bits - 1) {
      if (count === most) return count;
      listed[count++] = 32 * word + 31 - Math.clz32(bits & -bits);
    }
  }
  return count;
}

/** How many of so many rows may be found. */
export function countChosen(rows: number, { accept, excludeRows = [] }: RowChoice): number {
  const excluded = new Set(excludeRows.filter((row) => !accept || hasRow(accept, row)));
  return (accept?.count ?? rows) - excluded.size;
}
