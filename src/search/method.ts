export type SearchMethod = 'exact' | 'lsh' | 'tree';

/** Rows from which the exact scan takes more than a millisecond. */
const MANY_ROWS = 20_000;

/** The method that serves a segment of so many rows best. */
export function methodFor(rows: number): SearchMethod {
  return rows < MANY_ROWS ? 'exact' : 'tree';
}
