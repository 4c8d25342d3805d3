import type { SimilarPair } from './similarity-join.ts';

/** Rows that sound alike, each with its distance to the nearest other one of the group. */
export type DuplicateRows = { row: number; distance: number }[];

/**
 * Puts rows that pairs connect, directly or over others, into one group.
 *
 * @param rows Number of rows that pairs are of.
 * @returns Groups in the order of their first rows; rows ascend in a group.
 */
export function groupPairs(pairs: Iterable<SimilarPair>, rows: number): DuplicateRows[] {
  // The smallest row known to belong to the same group; its own where there is none.
  const first = Uint32Array.from({ length: rows }, (_, row) => row);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const firstOf = (row: number): number => {
    let at = row;
    while (first[at] !== at) {
      // Halving the way keeps it short for whoever comes next.
      first[at] = first[first[at]];
      at = first[at];
    }
    return at;
  };
  for (const { row, other, distance } of pairs) {
    nearest[row] = Math.min(nearest[row], distance);
    nearest[other] = Math.min(nearest[other], distance);
    const [a, b] = [firstOf(row), firstOf(other)];
    first[Math.max(a, b)] = Math.min(a, b);
  }
  const groups = new Map<number, DuplicateRows>();
  for (let row = 0; row < rows; row++) {
    if (nearest[row] === Number.POSITIVE_INFINITY) continue;
    const group = groups.get(firstOf(row)) ?? [];
    group.push({ row, distance: nearest[row] });
    groups.set(firstOf(row), group);
  }
  return [...groups.values()];
}
