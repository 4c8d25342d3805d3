import { WIDER } from './code-mask.ts';
import { exactNearestNeighbors } from './exact.ts';
import type { LshIndex } from './lsh-index.ts';
import { MAXIMUM_RERANK } from './lsh-index.ts';
import { LshScanner } from './lsh-scan.ts';
import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';
import { RowFilter } from './row-filter.ts';
import { countChosen, type RowChoice } from './row-set.ts';
import { componentsOf } from './tree-index.ts';

/**
 * Time for a component of a coded row, for a value of a scattered row, and for a probe, in that of a value of a row in
 * order. Constants, for the same question to have the same answer everywhere.
 */
const CODE = 0.7;
const SCATTERED = 3;
const PROBE = 600;

/** Neighbours that an index is calibrated for. More lie farther out, and so in more buckets. */
const NEIGHBOURS = 10;

interface Searcher {
  scanner: LshScanner;
  filter: RowFilter;
  /** Which rows a query has seen: a row is seen if its stamp is the query's number. */
  stamps: Uint32Array;
  query: number;
}

const searchers = new WeakMap<LshIndex, Searcher>();

/** A thread's own for an index. Stamps spare clearing (or making) an array of all rows for each query. */
function searcherOf(index: LshIndex): Searcher {
  let searcher = searchers.get(index);
  if (!searcher) {
    searcher = {
      scanner: new LshScanner(index),
      filter: new RowFilter(index.vectors, index.dimension),
      stamps: new Uint32Array(index.vectors.length / index.dimension),
      query: 0,
    };
    searchers.set(index, searcher);
  }
  if (searcher.query === 0xffffffff) {
    searcher.stamps.fill(0);
    searcher.query = 0;
  }
  searcher.query++;
  return searcher;
}

/**
 * The nearest rows by their exact Euclidean distances among those whose codes score best in the `probes` best buckets.
 * Unlike Spark's it never gives fewer than k rows where there are k: it looks at every row then. Of accepted rows it looks
 * at twice as many as it would look at of all, or at every one where that is the shorter way.
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
  const { vectors, dimension, parameters } = index;
  const { numHashTables, probes, reRank } = parameters;
  const rows = vectors.length / dimension;
  const { accept, excludeRows = [] } = choice;
  const wanted = Math.min(k, countChosen(rows, choice));
  // Each row may stand in every table, and some may be rows to pass over.
  const least = numHashTables * (k + excludeRows.length);
  const more = Math.max(1, k / NEIGHBOURS);
  const candidates = Math.ceil((accept ? WIDER : 1) * Math.max(reRank * more, least));
  const probed = Math.ceil(probes * Math.sqrt(more));
  const scan = SCATTERED * Math.min(accept?.count ?? rows, rows / SCATTERED) * dimension;
  const spared = scan - SCATTERED * candidates * dimension - PROBE * probed;
  if (candidates > MAXIMUM_RERANK || (accept && spared <= 0)) {
    return exactNearestNeighbors(vectors, query, k, choice);
  }
  const { scanner, filter, stamps, query: stamp } = searcherOf(index);
  const places = scanner.choose(query, probed, accept, probed + spared / PROBE);
  if (accept && spared <= CODE * places * componentsOf(index)) {
    return exactNearestNeighbors(vectors, query, k, choice);
  }
  const nearest = new NearestRows(Math.min(k, rows));
  const found = scanner.scoreChosen(candidates);
  let waiting = 0;
  const rank = () => {
    if (waiting === 0) return;
    filter.loadRows(waiting);
    filter.offerAllTo(nearest, query, { excludeRows });
    waiting = 0;
  };
  for (let place = 0; place < found; place++) {
    const row = scanner.rowAt(place);
    // One table has each row once, and stamps lie far apart.
    if (numHashTables > 1) {
      if (stamps[row] === stamp) continue;
      stamps[row] = stamp;
    }
    filter.rows[waiting++] = row;
    if (waiting === filter.capacity) rank();
  }
  rank();
  return nearest.size < wanted ? exactNearestNeighbors(vectors, query, k, choice) : nearest.sorted();
}
