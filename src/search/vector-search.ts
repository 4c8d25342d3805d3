import { exactNearestNeighbors, exactNearestNeighborsBatch } from './exact.ts';
import { requireFinite } from './finite-rows.ts';
import { approxNearestNeighbors } from './lsh.ts';
import type { LshIndex } from './lsh-index.ts';
import { type Metric, turnQuery } from './metric.ts';
import type { RoundedRows } from './rounded-rows.ts';
import { treeNearestNeighbors } from './tree.ts';
import type { TreeIndex } from './tree-index.ts';

/** What a method searches beside the vectors. */
export type SearchStructure =
  | { method: 'exact'; index: RoundedRows | undefined }
  | { method: 'lsh'; index: LshIndex }
  | { method: 'tree'; index: TreeIndex };

/** An index over any vectors, as plain arrays, which threads can share. */
export type VectorIndexData = SearchStructure & {
  metric: Metric;
  /** rows × dimension, row-major: the `EuclideanForm` of the metric. */
  vectors: Float32Array;
  dimension: number;
};

/**
 * The best rows, best first.
 *
 * @param query Of the metric's own dimension.
 * @throws SoundalikeError USAGE where it holds a value that is no finite number.
 */
export function searchVectors(data: VectorIndexData, query: Float32Array, k: number): Uint32Array {
  requireFinite(query, query.length, 'the query');
  const turned = turnQuery(query, data.metric, data.dimension);
  switch (data.method) {
    case 'exact':
      return exactNearestNeighbors(data.vectors, turned, k, {}, data.index).rows;
    case 'lsh':
      return approxNearestNeighbors(data.index, turned, k).rows;
    case 'tree':
      return treeNearestNeighbors(data.index, turned, k).rows;
  }
}

/** The same for each of many queries, which the exact scan answers in less time than one by one. */
export function searchVectorsBatch(
  data: VectorIndexData,
  queries: readonly Float32Array[],
  k: number,
): Uint32Array[] {
  if (data.method !== 'exact') return queries.map((query) => searchVectors(data, query, k));
  const { vectors, dimension, metric, index } = data;
  const turned = new Float32Array(queries.length * dimension);
  queries.forEach((query, i) => {
    requireFinite(query, query.length, 'a query');
    turned.set(turnQuery(query, metric, dimension), i * dimension);
  });
  return exactNearestNeighborsBatch(vectors, dimension, turned, k, {}, index).map(({ rows }) => rows);
}
