import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';
import { RowFilter } from './row-filter.ts';

/** Rows of the first block. */
const FIRST_BLOCK = 16;

/**
 * The k nearest rows by Euclidean distance, found by looking at every row.
 *
 * @param vectors Float32Array, rows × query.length, row-major; read without a copy if `allocateShared` made it.
 * @param k At least 1; fewer come back only where there are fewer rows.
 * @param excludeRow A row to pass over.
 */
export function exactNearestNeighbors(
  vectors: Float32Array,
  query: Float32Array,
  k: number,
  excludeRow?: number,
): Neighbours {
  return scan(vectors, query.length, [{ vector: query, row: excludeRow }], k)[0];
}

/**
 * The same for each of many queries. A block of rows serves all of them while it is in the cache.
 *
 * @param queries Float32Array, queries × dimension, row-major.
 * @returns The neighbours of each query, in their order.
 */
export function exactNearestNeighborsBatch(
  vectors: Float32Array,
  dimension: number,
  queries: Float32Array,
  k: number,
): Neighbours[] {
  const split = Array.from({ length: queries.length / dimension }, (_, i) => ({
    vector: queries.subarray(i * dimension, (i + 1) * dimension),
    row: undefined,
  }));
  return scan(vectors, dimension, split, k);
}

function scan(
  vectors: Float32Array,
  dimension: number,
  queries: { vector: Float32Array; row: number | undefined }[],
  k: number,
): Neighbours[] {
  const rows = vectors.length / dimension;
  const nearest = queries.map(() => new NearestRows(Math.min(k, rows)));
  const filter = new RowFilter(vectors, dimension);
  for (let from = 0; from < rows; ) {
    // Blocks double from a small one: with k rows found, the limit rules out most of the rows to come.
    const count = Math.min(Math.max(FIRST_BLOCK, from), filter.capacity, rows - from);
    filter.loadRange(from, count);
    queries.forEach(({ vector, row }, i) => {
      filter.offerTo(nearest[i], vector, row);
    });
    from += count;
  }
  return nearest.map((held) => held.sorted());
}
