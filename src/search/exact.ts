import { squaredDistance } from './distance.ts';
import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';

/**
 * The k nearest rows by Euclidean distance, found by looking at every row.
 *
 * @param vectors Float32Array, rows × query.length, row-major.
 * @param k At least 1; fewer come back only where there are fewer rows.
 * @param excludeRow A row to pass over.
 */
export function exactNearestNeighbors(
  vectors: Float32Array,
  query: Float32Array,
  k: number,
  excludeRow?: number,
): Neighbours {
  const rows = vectors.length / query.length;
  const nearest = new NearestRows(Math.min(k, rows));
  for (let row = 0; row < rows; row++) {
    if (row === excludeRow) continue;
    nearest.offer(row, squaredDistance(vectors, row * query.length, query, nearest.limit));
  }
  return nearest.sorted();
}
