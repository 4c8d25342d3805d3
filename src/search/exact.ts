import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';
import { RowFilter } from './row-filter.ts';
import { listRows, type RowChoice } from './row-set.ts';

/** Rows of the first block. */
const FIRST_BLOCK = 16;

/** Fewer accepted rows than one in so many are picked out; more come faster with the others between them. */
const FEW = 5;

/**
 * The k nearest of the chosen rows by Euclidean distance, found by looking at every one of them.
 *
 * @param vectors Float32Array, rows × query.length, row-major; read without a copy if `allocateShared` made it.
 * @param k At least 1; fewer come back only where there are fewer rows.
 */
export function exactNearestNeighbors(
  vectors: Float32Array,
  query: Float32Array,
  k: number,
  choice: RowChoice = {},
): Neighbours {
  return scan(vectors, query.length, [query], k, choice)[0];
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
  choice: RowChoice = {},
): Neighbours[] {
  const split = Array.from({ length: queries.length / dimension }, (_, i) =>
    queries.subarray(i * dimension, (i + 1) * dimension),
  );
  return scan(vectors, dimension, split, k, choice);
}

function scan(
  vectors: Float32Array,
  dimension: number,
  queries: Float32Array[],
  k: number,
  choice: RowChoice,
): Neighbours[] {
  const rows = vectors.length / dimension;
  const { accept } = choice;
  const nearest = queries.map(() => new NearestRows(Math.min(k, accept?.count ?? rows)));
  const filter = new RowFilter(vectors, dimension);
  const few = accept && accept.count * FEW < rows ? accept : undefined;
  const last = few?.count ?? rows;
  for (let seen = 0, next = 0; seen < last; ) {
    // Blocks double from a small one: with k rows found, the limit rules out most of the rows to come.
    const count = Math.min(Math.max(FIRST_BLOCK, seen), filter.capacity, last - seen);
    if (few) {
      listRows(few, next, count, filter.rows);
      next = filter.rows[count - 1] + 1;
      filter.loadRows(count);
      filter.fetch();
    } else {
      filter.loadRange(seen, count);
    }
    queries.forEach((query, i) => {
      filter.offerTo(nearest[i], query, choice);
    });
    seen += count;
  }
  return nearest.map((held) => held.sorted());
}
