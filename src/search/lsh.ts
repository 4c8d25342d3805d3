import { exactNearestNeighbors } from './exact.ts';
import type { LshIndex } from './lsh-index.ts';
import { visitBuckets } from './lsh-probes.ts';
import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';
import { RowFilter } from './row-filter.ts';
import { countChosen, hasRow, type RowChoice } from './row-set.ts';

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

/** Time for a probe, and for ranking a scattered row, in that of a row in order in the exact scan. */
const PROBE = 10;
const SCATTERED = 3;

/**
 * The nearest rows among those that share one of the `probes` best buckets with the query, by their exact
 * Euclidean distances. Where only some rows are accepted it probes on until it has seen as many of these as it saw
 * rows in the `probes` best buckets. Unlike Spark's it never gives fewer than k rows where there are k: it probes on,
 * and looks at every row where that is the shorter way.
 *
 * @param query Float32Array, `index.dimension` values.
 * @param k At least 1.
 */
export function approxNearestNeighbors(
  index: LshIndex,
  query: Float32Array,
  k: number,
  choice: RowChoice = {},
): Neighbours {
  const { vectors, dimension, bucketRows, parameters } = index;
  const rows = vectors.length / dimension;
  const { accept, excludeRows = [] } = choice;
  const chosen = countChosen(rows, choice);
  const scan = Math.min(rows, SCATTERED * chosen);
  const bucketSize = bucketRows.length / index.bucketKeys.length;
  if (accept && scan <= (PROBE + bucketSize) * parameters.probes)
    return exactNearestNeighbors(vectors, query, k, choice);
  const wanted = Math.min(k, chosen);
  const nearest = new NearestRows(Math.min(k, rows));
  const filter = new RowFilter(vectors, dimension);
  const stamps = nextStamps(index);
  for (const row of excludeRows) stamps.of[row] = stamps.query;

  // Buckets are small: their rows are ranked together, as many as the kernel takes at once.
  let waiting = 0;
  const rank = () => {
    if (waiting === 0) return;
    filter.loadRows(waiting);
    filter.offerTo(nearest, query);
    waiting = 0;
  };
  let probes = 0;
  let seen = 0;
  let accepted = 0;
  let enough = wanted;
  visitBuckets(index, query, (start, end) => {
    for (let i = start; i < end; i++) {
      const row = bucketRows[i];
      if (stamps.of[row] === stamps.query) continue;
      stamps.of[row] = stamps.query;
      seen++;
      if (accept && !hasRow(accept, row)) continue;
      accepted++;
      filter.rows[waiting++] = row;
      if (waiting === filter.capacity) rank();
    }
    probes++;
    if (probes < parameters.probes) return true;
    if (probes === parameters.probes) enough = Math.max(wanted, Math.min(seen, chosen));
    const spent = PROBE * probes + seen + SCATTERED * accepted;
    // As rows come in at one rate, probing on takes `enough / accepted` times what it took so far.
    return accepted < enough && spent * enough < scan * accepted;
  });
  rank();
  const isEnough = nearest.size >= wanted && accepted >= enough;
  return isEnough ? nearest.sorted() : exactNearestNeighbors(vectors, query, k, choice);
}
