/** Rows, sum of squared norms and sum of the vectors of one cluster. */
interface ClusterSums {
  rows: number;
  squares: number;
  vector: Float64Array;
}

/**
 * Silhouettes with squared Euclidean distances, in Spark's form (ClusteringEvaluator): the mean squared distance
 * of x to a cluster is |x|² + Ψ / N - 2 x · Y / N, from the cluster's N rows, their sum Y and the sum Ψ of their
 * squared norms. So it is exact in two passes, clusters × dimension × rows steps. The same as scikit-learn's
 * `silhouette_samples(metric='sqeuclidean')`.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param assignment The cluster of each row.
 * @returns One value a row, -1 to 1; 0 for the only row of a cluster, and for all where there is one cluster.
 */
export function silhouettes(vectors: Float32Array, dimension: number, assignment: Uint32Array): Float64Array {
  const mean = meanVector(vectors, dimension);
  const clusters = sumClusters(vectors, mean, assignment);
  const centred = new Float64Array(dimension);
  return Float64Array.from(assignment, (own, row) => {
    let norm = 0;
    for (let i = 0; i < dimension; i++) {
      centred[i] = vectors[row * dimension + i] - mean[i];
      norm += centred[i] * centred[i];
    }
    let inside = 0;
    let outside = Number.POSITIVE_INFINITY;
    for (const [cluster, { rows, squares, vector }] of clusters) {
      let product = 0;
      for (let i = 0; i < dimension; i++) product += centred[i] * vector[i];
      const meanSquare = Math.max(0, norm + (squares - 2 * product) / rows);
      // The row itself, at distance 0, is not counted among its neighbours.
      if (cluster === own) inside = (meanSquare * rows) / (rows - 1);
      else outside = Math.min(outside, meanSquare);
    }
    const larger = Math.max(inside, outside);
    return clusters.get(own)!.rows === 1 || clusters.size === 1 || larger === 0
      ? 0
      : (outside - inside) / larger;
  });
}

/** Centred sums: without them |x|² and 2 x · Y / N would nearly cancel where the data lies far from 0. */
function sumClusters(
  vectors: Float32Array,
  mean: Float64Array,
  assignment: Uint32Array,
): Map<number, ClusterSums> {
  const clusters = new Map<number, ClusterSums>();
  assignment.forEach((cluster, row) => {
    let sums = clusters.get(cluster);
    if (!sums) {
      sums = { rows: 0, squares: 0, vector: new Float64Array(mean.length) };
      clusters.set(cluster, sums);
    }
    sums.rows++;
    for (let i = 0; i < mean.length; i++) {
      const value = vectors[row * mean.length + i] - mean[i];
      sums.squares += value * value;
      sums.vector[i] += value;
    }
  });
  return clusters;
}

function meanVector(vectors: Float32Array, dimension: number): Float64Array {
  const mean = new Float64Array(dimension);
  vectors.forEach((value, i) => {
    mean[i % dimension] += value;
  });
  return mean.map((sum) => (sum * dimension) / vectors.length);
}
