import { exactNearestNeighbors } from './exact.ts';
import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';
import { RowFilter } from './row-filter.ts';
import { countChosen, type RowChoice } from './row-set.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf, MAXIMUM_RERANK } from './tree-index.ts';
import { TreeScanner } from './tree-scan.ts';

interface Searcher {
  scanner: TreeScanner;
  filter: RowFilter;
}

const searchers = new WeakMap<TreeIndex, Searcher>();

function searcherOf(index: TreeIndex): Searcher {
  let searcher = searchers.get(index);
  if (!searcher) {
    searcher = {
      scanner: new TreeScanner(index),
      filter: new RowFilter(index.vectors, index.dimension),
    };
    searchers.set(index, searcher);
  }
  return searcher;
}

/** What is looked at for each leaf searched and row re-ranked otherwise, where only some rows are accepted. */
const WIDER = 2;

/** Time for a component of a coded row, and for a value of a scattered row, in that of a value of a row in order. */
const CODE = 0.2;
const SCATTERED = 3;

/**
 * The nearest rows among the `reRank` rows that score best in the `leavesSearched` leaves nearest to the query, by
 * their exact Euclidean distances. Of accepted rows it looks at twice as many as it would look at of all. Never fewer
 * than k rows where there are k: it then looks at every row, as it does where that is the shorter way.
 *
 * @param query Float32Array, `index.dimension` values.
 * @param k At least 1.
 */
export function treeNearestNeighbors(
  index: TreeIndex,
  query: Float32Array,
  k: number,
  choice: RowChoice = {},
): Neighbours {
  const { vectors, dimension, parameters } = index;
  const rows = vectors.length / dimension;
  const { accept, excludeRows = [] } = choice;
  const wanted = Math.min(k, countChosen(rows, choice));
  // Some of them may be rows to pass over.
  const atLeast = Math.max(parameters.reRank, k + excludeRows.length);
  const candidates = Math.min(accept?.count ?? rows, accept ? WIDER * atLeast : atLeast);
  if (candidates > MAXIMUM_RERANK) return exactNearestNeighbors(vectors, query, k, choice);
  let searched = parameters.leavesSearched;
  if (accept) {
    searched = Math.ceil((WIDER * searched * rows) / parameters.leaves);
    if (isScanShorter(index, accept.count, searched, candidates)) {
      return exactNearestNeighbors(vectors, query, k, choice);
    }
  }
  const nearest = new NearestRows(Math.min(k, rows));
  const { scanner, filter } = searcherOf(index);
  const found = scanner.scan(query, searched, candidates, accept);
  // With the best k ranked, the limit rules out most of the others.
  const first = Math.min(found, wanted + excludeRows.length);
  scanner.bringForward(found, first);
  const load = (from: number, to: number): void => {
    for (let place = from; place < to; place++) filter.rows[place - from] = scanner.rowAt(place);
    filter.loadRows(to - from);
  };
  for (let from = 0; from < found; ) {
    const to = Math.min(found, from + filter.capacity);
    load(from, to);
    filter.fetch();
    while (from < to) {
      const end = from < first ? Math.min(first, to) : to;
      load(from, end);
      filter.offerTo(nearest, query, choice);
      from = end;
    }
  }
  return nearest.size < wanted ? exactNearestNeighbors(vectors, query, k, choice) : nearest.sorted();
}

/** Whether the exact scan of the accepted rows takes less time than the tree, which then scores others with them. */
function isScanShorter(index: TreeIndex, accepted: number, searched: number, candidates: number): boolean {
  const { vectors, dimension, parameters } = index;
  const rows = vectors.length / dimension;
  const scored = Math.min(rows, (searched * rows) / accepted);
  const tree = (parameters.leaves + CODE * scored) * componentsOf(index) + SCATTERED * candidates * dimension;
  return Math.min(rows, SCATTERED * accepted) * dimension <= tree;
}
