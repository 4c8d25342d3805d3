import { exactNearestNeighbors, exactNearestNeighborsBatch } from './exact.ts';
import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';
import { RowFilter } from './row-filter.ts';
import { countChosen, type RowChoice } from './row-set.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf, MAXIMUM_RERANK } from './tree-index.ts';
import { TreeScanner, type TreeSearch } from './tree-scan.ts';

interface Searcher {
  index: TreeIndex;
  scanner: TreeScanner;
  filter: RowFilter;
}

const searchers = new WeakMap<TreeIndex, Searcher>();

function searcherOf(index: TreeIndex): Searcher {
  let searcher = searchers.get(index);
  if (!searcher) {
    searcher = {
      index,
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
 * The nearest rows among the `reRank` rows that score best in the leaves within `reach` of the query, by their exact
 * Euclidean distances. Of accepted rows it looks at twice as many as it would look at of all. Never fewer
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
  const search = searchFor(index, k, choice);
  if (!search) return exactNearestNeighbors(index.vectors, query, k, choice);
  const searcher = searcherOf(index);
  return rank(searcher, query, k, choice, searcher.scanner.scan(query, search), 0);
}

/**
 * The same for each of many queries, in less time: what several queries want of a leaf is done at once.
 *
 * @param queries Float32Array, queries × `index.dimension`, row-major.
 * @returns The neighbours of each query, in their order.
 */
export function treeNearestNeighborsBatch(
  index: TreeIndex,
  queries: Float32Array,
  k: number,
  choice: RowChoice = {},
): Neighbours[] {
  const { vectors, dimension } = index;
  const search = searchFor(index, k, choice);
  if (!search) return exactNearestNeighborsBatch(vectors, dimension, queries, k, choice);
  const searcher = searcherOf(index);
  const nearest: Neighbours[] = [];
  for (let start = 0; start < queries.length; start = nearest.length * dimension) {
    const rest = queries.subarray(start);
    searcher.scanner.scanTogether(rest, search).forEach((found, i) => {
      const query = rest.subarray(i * dimension, (i + 1) * dimension);
      nearest.push(rank(searcher, query, k, choice, found, i));
    });
  }
  return nearest;
}

/** What the tree has to look at; undefined where the exact scan is the shorter way. */
function searchFor(
  index: TreeIndex,
  k: number,
  { accept, excludeRows = [] }: RowChoice,
): TreeSearch | undefined {
  const { vectors, dimension, parameters } = index;
  const rows = vectors.length / dimension;
  // Some of them may be rows to pass over.
  const atLeast = Math.max(parameters.reRank, k + excludeRows.length);
  const wanted = Math.min(accept?.count ?? rows, accept ? WIDER * atLeast : atLeast);
  if (wanted > MAXIMUM_RERANK) return undefined;
  const { leaves, leavesSearched, reach } = parameters;
  if (!accept) return { reach, wanted };
  const least = Math.ceil((WIDER * leavesSearched * rows) / leaves);
  if (isScanShorter(index, accept.count, least, wanted)) return undefined;
  return { reach, wanted, accept: { rows: accept, least } };
}

/**
 * Ranks the rows that a scan found by their exact distances.
 *
 * @param found How many they are.
 * @param place The query's among those scanned together.
 */
function rank(
  { index, scanner, filter }: Searcher,
  query: Float32Array,
  k: number,
  choice: RowChoice,
  found: number,
  place: number,
): Neighbours {
  const rows = index.vectors.length / index.dimension;
  const nearest = new NearestRows(Math.min(k, rows));
  for (let from = 0; from < found; from += filter.capacity) {
    const count = Math.min(filter.capacity, found - from);
    for (let i = 0; i < count; i++) filter.rows[i] = scanner.rowAt(from + i, place);
    filter.loadRows(count);
    filter.offerAllTo(nearest, query, choice);
  }
  const isEnough = nearest.size === k || nearest.size >= countChosen(rows, choice);
  return isEnough ? nearest.sorted() : exactNearestNeighbors(index.vectors, query, k, choice);
}

/** Whether the exact scan of the accepted rows takes less time than the tree, which then scores others with them. */
function isScanShorter(index: TreeIndex, accepted: number, searched: number, candidates: number): boolean {
  const { vectors, dimension, parameters } = index;
  const rows = vectors.length / dimension;
  const scored = Math.min(rows, (searched * rows) / accepted);
  const tree = (parameters.leaves + CODE * scored) * componentsOf(index) + SCATTERED * candidates * dimension;
  return Math.min(rows, SCATTERED * accepted) * dimension <= tree;
}
