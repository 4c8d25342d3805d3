import { ClusterPart } from './cluster-part.ts';
import { ClusterSums, largestOf, roundersOf } from './cluster-sums.ts';
import { fillEmptyClusters } from './fill-empty-clusters.ts';

export interface Clustering {
  /** k × dimension, row-major. */
  centres: Float32Array;
  /** The cluster of each row. */
  assignment: Uint32Array;
  /** Sum of the squared distances of the rows to their centres. */
  inertia: number;
}

/** Spark's default; most of the gain comes from the first few. */
const MAXIMUM_ITERATIONS = 20;

/**
 * Lloyd's iterations from given centres until these stand still, `maximumIterations` at most. A cluster that loses all
 * rows takes the row that lies farthest from its centre (as scikit-learn does).
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param centres Float32Array, k × dimension, row-major; stays as it is.
 * @param parts How many parts the rows are cut into; any number gives the same bits.
 */
export function lloyd(
  vectors: Float32Array,
  dimension: number,
  centres: Float32Array,
  maximumIterations = MAXIMUM_ITERATIONS,
  parts = 1,
): Clustering {
  const k = centres.length / dimension;
  const rows = vectors.length / dimension;
  const rounders = roundersOf(largestOf(vectors, dimension), rows);
  const starts = Array.from(
    { length: parts + 1 },
    (_, part) => Math.floor((part * rows) / parts) * dimension,
  );
  const clustered = starts
    .slice(1)
    .map((end, part) => new ClusterPart(vectors.subarray(starts[part], end), dimension, k, rounders));

  let moved = centres;
  for (const part of clustered) part.assign(moved);
  for (let iteration = 0; iteration < maximumIterations; iteration++) {
    const last = moved;
    moved = mergedSums(clustered, rounders, k).means(last);
    if (moved.every((value, i) => value === last[i])) break;
    for (const part of clustered) part.assign(moved);
  }

  const assignment = new Uint32Array(rows);
  let [start, inertia] = [0, 0];
  for (const part of clustered) {
    assignment.set(part.assignment, start);
    for (const square of part.squares()) inertia += square;
    start += part.rows;
  }
  return { centres: moved, assignment, inertia };
}

/** The sums of all parts, once no cluster is empty (if so many rows lie off their centres). */
function mergedSums(parts: ClusterPart[], rounders: Float64Array, k: number): ClusterSums {
  const merged = new ClusterSums(rounders, k);
  for (const { sums } of parts) merged.merge(sums);
  if (!merged.counts.includes(0)) return merged;
  const farthest = parts.flatMap((part) => part.farthest(k).map((row) => ({ part, ...row })));
  for (const { row, to } of fillEmptyClusters(merged, farthest)) row.part.move(row.row, to);
  return merged;
}
