import { squaredDistance } from './distance.ts';
import { drawRows } from './kmeans-start.ts';
import { createRandom } from './random.ts';
import { silhouettes } from './silhouette.ts';

/** Distances that are computed where that is enough for `LEAST_ROWS`: about a second's worth. */
const DISTANCES = 2 ** 23;

/** Rows whose silhouettes are computed at least, however many distances that takes. */
const LEAST_ROWS = 100;

/** A mean silhouette, and how well it is known. */
export interface EstimatedSilhouette {
  mean: number;
  /** Standard error of the mean; 0 where the silhouettes of all rows were computed. */
  error: number;
  /** Rows whose silhouettes were computed. */
  rows: number;
}

/**
 * The mean silhouette with Euclidean distances, as scikit-learn's `silhouette_score` has it, of all rows where these
 * are few. Else those of a random sample are computed, each from its distances to all rows. Their mean is corrected by
 * the squared Euclidean ones, which are known for all rows and rise and fall with them (the regression estimator of
 * Cochran 1977, "Sampling techniques", §7.3).
 *
 * scikit-learn's `sample_size` leaves out the distances to other rows, too. That draws the mean down, the more the
 * fewer rows of a cluster are in the sample.
 *
 * @param vectors Float32Array, rows × dimension, row-major; at least 1 row.
 * @param assignment The cluster of each row.
 * @param options `mostRows` of the sample: by default 100, or more where 8 million distances allow it. `seed` of the
 * sample: by default 1.
 */
export function euclideanSilhouette(
  vectors: Float32Array,
  dimension: number,
  assignment: Uint32Array,
  options: { mostRows?: number; seed?: number } = {},
): EstimatedSilhouette {
  const all = assignment.length;
  const { mostRows = Math.max(LEAST_ROWS, Math.floor(DISTANCES / all)), seed = 1 } = options;
  const sample = drawRows(all, mostRows, createRandom(seed));
  const rows = sample.length;
  const values = euclideanSilhouettes(vectors, dimension, assignment, sample);
  const mean = meanOf(values);
  if (rows === all) return { mean, error: 0, rows };

  const known = silhouettes(vectors, dimension, assignment);
  const guides = Float64Array.from(sample, (row) => known[row]);
  const guide = meanOf(guides);
  const variance = meanOf(guides.map((value) => (value - guide) ** 2));
  const covariance = meanOf(values.map((value, i) => (value - mean) * (guides[i] - guide)));
  const slope = variance === 0 ? 0 : covariance / variance;
  const residuals = values.map((value, i) => (value - mean - slope * (guides[i] - guide)) ** 2);
  // Rows are drawn without replacement; two numbers, mean and slope, were fitted to them.
  const residual = (meanOf(residuals) * rows) / Math.max(1, rows - 2);
  return {
    mean: mean + slope * (meanOf(known) - guide),
    error: Math.sqrt((residual / rows) * (1 - rows / all)),
    rows,
  };
}

/**
 * Silhouettes with Euclidean distances, as scikit-learn's `silhouette_samples`.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param assignment The cluster of each row.
 * @param wanted Numbers of the rows whose silhouettes are wanted; each takes its distances to all rows.
 * @returns In the order of `wanted`, -1 to 1; 0 for the only row of a cluster, and for all where there is one cluster.
 */
export function euclideanSilhouettes(
  vectors: Float32Array,
  dimension: number,
  assignment: Uint32Array,
  wanted: Uint32Array,
): Float64Array {
  const k = assignment.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const counts = new Uint32Array(k);
  for (const cluster of assignment) counts[cluster]++;
  const sums = new Float64Array(k);
  return Float64Array.from(wanted, (row) => {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    sums.fill(0);
    for (let other = 0; other < assignment.length; other++) {
      sums[assignment[other]] += Math.sqrt(squaredDistance(vectors, other * dimension, vector));
    }
    const own = assignment[row];
    const outside = sums.reduce(
      (least, sum, cluster) =>
        cluster === own || counts[cluster] === 0 ? least : Math.min(least, sum / counts[cluster]),
      Number.POSITIVE_INFINITY,
    );
    const inside = sums[own] / (counts[own] - 1);
    const larger = Math.max(inside, outside);
    return counts[own] === 1 || outside === Number.POSITIVE_INFINITY || larger === 0
      ? 0
      : (outside - inside) / larger;
  });
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
