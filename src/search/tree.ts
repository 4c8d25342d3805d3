import { exactNearestNeighbors } from './exact.ts';
import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';
import { RowFilter } from './row-filter.ts';
import { countChosen, type RowChoice } from './row-set.ts';
import type { TreeIndex } from './tree-index.ts';
import { MAXIMUM_RERANK } from './tree-index.ts';
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

/**
 * The nearest rows among the `reRank` rows that score best in the `leavesSearched` leaves nearest to the query, by
 * their exact Euclidean distances. Never fewer than k rows where there are k: it then looks at every row.
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
  // Until the tree can tell accepted rows from others.
  if (accept) return exactNearestNeighbors(vectors, query, k, choice);
  const wanted = Math.min(k, countChosen(rows, choice));
  const nearest = new NearestRows(Math.min(k, rows));
  // Some of them may be rows to pass over.
  const candidates = Math.min(rows, Math.max(parameters.reRank, k + excludeRows.length));
  if (candidates > MAXIMUM_RERANK) return exactNearestNeighbors(vectors, query, k, choice);
  const { scanner, filter } = searcherOf(index);
  const found = scanner.scan(query, parameters.leavesSearched, candidates);
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
      filter.offerTo(nearest, query, excludeRows);
      from = end;
    }
  }
  return nearest.size < wanted ? exactNearestNeighbors(vectors, query, k, choice) : nearest.sorted();
}
