import type { FarRow } from './cluster-part.ts';
import type { ClusterSums } from './cluster-sums.ts';

/**
 * Gives each cluster without rows the row that lies farthest from its centre (as scikit-learn does), one after the
 * other, as long as rows lie off their centres and their clusters have others.
 *
 * @param merged The sums of all rows; changed as the rows move.
 * @param farthest Of each part of the rows, in their order, at least the `k` that `ClusterPart.farthest` gives.
 * @returns The moves that were made.
 */
export function fillEmptyClusters<Row extends FarRow>(
  merged: ClusterSums,
  farthest: readonly Row[],
): { row: Row; to: number }[] {
  const { counts } = merged;
  const moves: { row: Row; to: number }[] = [];
  // Sorting is stable: of rows as far, the first of the collection counts as the farther.
  const inOrder = farthest.toSorted((a, b) => b.square - a.square).slice(0, counts.length);
  let empty = counts.indexOf(0);
  for (const row of inOrder) {
    if (empty < 0) break;
    if (counts[row.cluster] === 1) continue;
    merged.remove(row.vector, 0, row.cluster);
    merged.add(row.vector, 0, empty);
    moves.push({ row, to: empty });
    empty = counts.indexOf(0);
  }
  return moves;
}
