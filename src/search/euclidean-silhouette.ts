import { squaredDistance } from './distance.ts';
import { drawRows, gatherRows } from './kmeans-start.ts';
import { createRandom } from './random.ts';

/** Rows that are compared with each other at most: eight million distances, about a second. */
const MOST_ROWS = 4000;

/** A mean silhouette, and how well it is known. */
export interface EstimatedSilhouette {
  mean: number;
  /** Standard error of the mean, from the choice of rows; 0 where all rows count. */
  error: number;
  /** Rows that it was computed on. */
  rows: number;
}

/**
 * The mean silhouette with Euclidean distances, as scikit-learn's `silhouette_score` has it: of all rows, or of a
 * sample, whose rows are then compared with each other only (its `sample_size`).
 *
 * @param vectors Float32Array, rows × dimension, row-major; at least 1 row.
 * @param assignment The cluster of each row.
 * @param options `mostRows`: by default 4,000. `seed` of the sample: by default 1.
 */
export function euclideanSilhouette(
  vectors: Float32Array,
  dimension: number,
  assignment: Uint32Array,
  { mostRows = MOST_ROWS, seed = 1 }: { mostRows?: number; seed?: number } = {},
): EstimatedSilhouette {
  const sample = drawRows(assignment.length, mostRows, createRandom(seed));
  const rows = sample.length;
  const values = euclideanSilhouettes(
    gatherRows(vectors, dimension, sample),
    dimension,
    sample.map((row) => assignment[row]),
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / rows;
  const deviations = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  // Rows are drawn without replacement: nothing is left to chance where all are.
  const variance = (deviations / Math.max(1, rows - 1)) * (1 - rows / assignment.length);
  return { mean, error: Math.sqrt(variance / rows), rows };
}

/**
 * Silhouettes with Euclidean distances, as scikit-learn's `silhouette_samples`: rows × rows steps.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param assignment The cluster of each row.
 * @returns One value a row, -1 to 1; 0 for the only row of a cluster, and for all where there is one cluster.
 */
export function euclideanSilhouettes(
  vectors: Float32Array,
  dimension: number,
  assignment: Uint32Array,
): Float64Array {
  const k = assignment.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const counts = new Uint32Array(k);
  for (const cluster of assignment) counts[cluster]++;
  // Of each row the sums of its distances to the rows of each cluster.
  const sums = new Float64Array(assignment.length * k);
  for (let row = 1; row < assignment.length; row++) {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    for (let other = 0; other < row; other++) {
      const distance = Math.sqrt(squaredDistance(vectors, other * dimension, vector));
      sums[row * k + assignment[other]] += distance;
      sums[other * k + assignment[row]] += distance;
    }
  }
  return Float64Array.from(assignment, (own, row) => {
    let outside = Number.POSITIVE_INFINITY;
    for (let cluster = 0; cluster < k; cluster++) {
      if (cluster === own || counts[cluster] === 0) continue;
      outside = Math.min(outside, sums[row * k + cluster] / counts[cluster]);
    }
    const inside = sums[row * k + own] / (counts[own] - 1);
    const larger = Math.max(inside, outside);
    return counts[own] === 1 || outside === Number.POSITIVE_INFINITY || larger === 0
      ? 0
      : (outside - inside) / larger;
  });
}
