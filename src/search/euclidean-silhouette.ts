import { squaredDistance } from './distance.ts';
import { gatherRows } from './gather-rows.ts';
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
 * are few. Else those of a random sample are computed, each from its distances to all rows, and their mean is corrected
 * (`estimateSilhouette`).
 *
 * scikit-learn's `sample_size` leaves out the distances to other rows, too. That draws the mean down, the more the
 * fewer rows of a cluster are in the sample.
 *
 * @param vectors Float32Array, rows × dimension, row-major; at least 1 row.
 * @param assignment The cluster of each row.
 * @param options `mostRows` of the sample, `seed` of it: as `drawSample` has them.
 */
export function euclideanSilhouette(
  vectors: Float32Array,
  dimension: number,
  assignment: Uint32Array,
  options: { mostRows?: number; seed?: number } = {},
): EstimatedSilhouette {
  const sample = drawSample(assignment.length, options);
  const values = euclideanSilhouettes(vectors, dimension, assignment, sample);
  if (sample.length === assignment.length) return estimateSilhouette(values, sample, values);
  return estimateSilhouette(values, sample, silhouettes(vectors, dimension, assignment));
}

/**
 * The rows whose silhouettes are computed.
 *
 * @param options `mostRows`: by default 100, or more where 8 million distances allow it. `seed`: by default 1.
 * @returns Their numbers, in their order.
 */
export function drawSample(all: number, options: { mostRows?: number; seed?: number } = {}): Uint32Array {
  const { mostRows = Math.max(LEAST_ROWS, Math.floor(DISTANCES / all)), seed = 1 } = options;
  return drawRows(all, mostRows, createRandom(seed));
}

/**
 * The mean over all rows from the silhouettes of a sample. It is corrected by the squared Euclidean ones, which are
 * known for all rows and rise and fall with them (the regression estimator of Cochran 1977, "Sampling techniques",
 * §7.3).
 *
 * @param values Of the sample, in the order of its rows.
 * @param known The squared Euclidean silhouettes of all rows; not looked at where the sample is all rows.
 */
export function estimateSilhouette(
  values: Float64Array,
  sample: Uint32Array,
  known: Float64Array,
): EstimatedSilhouette {
  const [rows, all] = [sample.length, known.length];
  const mean = meanOf(values);
  if (rows === all) return { mean, error: 0, rows };
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
  const sums = distanceSums(vectors, dimension, assignment, k, gatherRows(vectors, dimension, wanted));
  const own = Uint32Array.from(wanted, (row) => assignment[row]);
  return silhouettesOfSums(sums, own, counts);
}

/**
 * The sums of the distances of some vectors to the rows of each cluster. Those of parts of a collection may be added
 * up.
 *
 * @param vectors (A part of) the rows, row-major, with their clusters in `assignment`.
 * @param others Float32Array, others × dimension, row-major.
 * @returns others × k, row-major.
 */
export function distanceSums(
  vectors: Float32Array,
  dimension: number,
  assignment: Uint32Array,
  k: number,
  others: Float32Array,
): Float64Array {
  const sums = new Float64Array((others.length / dimension) * k);
  for (let place = 0; place * dimension < others.length; place++) {
    const vector = others.subarray(place * dimension, (place + 1) * dimension);
    const ownSums = sums.subarray(place * k, (place + 1) * k);
    for (let row = 0; row < assignment.length; row++) {
      ownSums[assignment[row]] += Math.sqrt(squaredDistance(vectors, row * dimension, vector));
    }
  }
  return sums;
}

/**
 * Silhouettes from the sums of distances.
 *
 * @param sums Silhouettes × clusters, as `distanceSums` gives them for all rows.
 * @param own The cluster of each.
 * @param counts Rows of each cluster.
 */
export function silhouettesOfSums(
  sums: Float64Array,
  own: Uint32Array,
  counts: ArrayLike<number>,
): Float64Array {
  const k = counts.length;
  return Float64Array.from(own, (cluster, place) => {
    let outside = Number.POSITIVE_INFINITY;
    for (let other = 0; other < k; other++) {
      if (other === cluster || counts[other] === 0) continue;
      outside = Math.min(outside, sums[place * k + other] / counts[other]);
    }
    const inside = sums[place * k + cluster] / (counts[cluster] - 1);
    const larger = Math.max(inside, outside);
    return counts[cluster] === 1 || outside === Number.POSITIVE_INFINITY || larger === 0
      ? 0
      : (outside - inside) / larger;
  });
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
