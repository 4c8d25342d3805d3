import { WIDER } from './code-mask.ts';
import { exactNearestNeighbors } from './exact.ts';
import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';
import { RowFilter } from './row-filter.ts';
import { countChosen, type RowChoice } from './row-set.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf, MAXIMUM_RERANK } from './tree-index.ts';
import { type TreeSearch, treeScannerOf } from './tree-scan.ts';

const filters = new WeakMap<TreeIndex, RowFilter>();

function filterOf(index: TreeIndex): RowFilter {
  let filter = filters.get(index);
  if (!filter) {
    filter = new RowFilter(index.vectors, index.dimension);
    filters.set(index, filter);
  }
  return filter;
}

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
  const scanner = treeScannerOf(index);
  const filter = filterOf(index);
  const rows = index.vectors.length / index.dimension;
  const nearest = new NearestRows(Math.min(k, rows));
  const found = scanner.scan(query, search);
  for (let from = 0; from < found; from += filter.capacity) {
    const count = Math.min(filter.capacity, found - from);
    for (let i = 0; i < count; i++) filter.rows[i] = scanner.rowAt(from + i);
    filter.loadRows(count);
    filter.offerAllTo(nearest, query, choice);
  }
  const isEnough = nearest.size === k || nearest.size >= countChosen(rows, choice);
  return isEnough ? nearest.sorted() : exactNearestNeighbors(index.vectors, query, k, choice);
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

/** Whether the exact scan of the accepted rows takes less time than the tree, which then scores others with them. */
function isScanShorter(index: TreeIndex, accepted: number, searched: number, candidates: number): boolean {
  const { vectors, dimension, parameters } = index;
  const rows = vectors.length / dimension;
  const scored = Math.min(rows, (searched * rows) / accepted);
  const tree = (parameters.leaves + CODE * scored) * componentsOf(index) + SCATTERED * candidates * dimension;
  return Math.min(rows, SCATTERED * accepted) * dimension <= tree;
}
