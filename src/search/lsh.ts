import { squaredDistance } from './distance.ts';
import { exactNearestNeighbors } from './exact.ts';
import type { LshIndex } from './lsh-index.ts';
import { visitBuckets } from './lsh-probes.ts';
import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';

/** Which rows a query has seen: a row is seen if its stamp is the query's number. */
interface Stamps {
  query: number;
  of: Uint32Array;
}

const stampsOf = new WeakMap<LshIndex, Stamps>();

/** Stamps spare clearing (or making) an array of all rows for each query. */
function nextStamps(index: LshIndex): Stamps {
  let stamps = stampsOf.get(index);
  if (!stamps || stamps.query === 0xffffffff) {
    stamps = { query: 0, of: new Uint32Array(index.vectors.length / index.dimension) };
    stampsOf.set(index, stamps);
  }
  stamps.query++;
  return stamps;
}

/**
 * The nearest rows among those that share one of the `probes` best buckets with the query, by their exact
 * Euclidean distances. Unlike Spark's it never gives fewer than k rows where there are k: it probes on, and looks
 * at every row where that is the shorter way.
 *
 * @param query Float32Array, `index.dimension` values.
 * @param k At least 1.
 * @param excludeRow A row to pass over.
 */
export function approxNearestNeighbors(
  index: LshIndex,
  query: Float32Array,
  k: number,
  excludeRow?: number,
): Neighbours {
  const { vectors, dimension, bucketRows, parameters } = index;
  const rows = vectors.length / dimension;
  const wanted = Math.min(k, excludeRow === undefined ? rows : rows - 1);
  const nearest = new NearestRows(Math.min(k, rows));
  const stamps = nextStamps(index);
  if (excludeRow !== undefined) stamps.of[excludeRow] = stamps.query;

  let probes = 0;
  visitBuckets(index, query, (start, end) => {
    for (let i = start; i < end; i++) {
      const row = bucketRows[i];
      if (stamps.of[row] === stamps.query) continue;
      stamps.of[row] = stamps.query;
      nearest.offer(row, squaredDistance(vectors, row * dimension, query, nearest.limit));
    }
    probes++;
    // A probe costs about as much as a row does: beyond as many probes as rows the scan is the shorter way.
    return probes < parameters.probes || (nearest.size < wanted && probes < rows);
  });
  return nearest.size < wanted ? exactNearestNeighbors(vectors, query, k, excludeRow) : nearest.sorted();
}
