import { instantiate } from '../wasm/assembler.ts';
import { allocateShared, memoryOf } from '../wasm/shared-memory.ts';
import { doubleProductKernel, TILE } from './double-product-kernel.ts';

/** Rows that are multiplied at a time: with the clusters' sums they fit a usual second-level cache. */
const BLOCK_ROWS = 64;

/** What silhouettes need to know of the clusters. Those of parts of a collection may be added up. */
export interface ClusterStatistics {
  /** Rows of each cluster, 0 where it has none. */
  rows: Float64Array;
  /** Sum of squared norms. */
  squares: Float64Array;
  /** Sum of the vectors: clusters × dimension, row-major. */
  sums: Float64Array;
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
  const k = assignment.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  return silhouettesGiven(vectors, mean, assignment, clusterStatistics(vectors, mean, assignment, k));
}

/**
 * The first pass over (a part of) the rows.
 *
 * @param mean Is taken from the vectors: without that |x|² and 2 x · Y / N would nearly cancel where the data lies far
 * from 0.
 */
export function clusterStatistics(
  vectors: Float32Array,
  mean: Float64Array,
  assignment: Uint32Array,
  k: number,
): ClusterStatistics {
  const dimension = mean.length;
  const rows = new Float64Array(k);
  const squares = new Float64Array(k);
  const sums = new Float64Array(k * dimension);
  for (let row = 0; row < assignment.length; row++) {
    const cluster = assignment[row];
    const [from, to] = [row * dimension, cluster * dimension];
    let square = 0;
    for (let i = 0; i < dimension; i++) {
      const value = vectors[from + i] - mean[i];
      square += value * value;
      sums[to + i] += value;
    }
    rows[cluster]++;
    squares[cluster] += square;
  }
  return { rows, squares, sums };
}

/** Adds those of another part of the rows. */
export function addStatistics(to: ClusterStatistics, other: ClusterStatistics): void {
  for (const name of ['rows', 'squares', 'sums'] as const) {
    for (let i = 0; i < to[name].length; i++) to[name][i] += other[name][i];
  }
}

/**
 * The second pass over (a part of) the rows.
 *
 * @param mean That of the statistics.
 * @param statistics Of all rows.
 * @returns As `silhouettes`.
 */
export function silhouettesGiven(
  vectors: Float32Array,
  mean: Float64Array,
  assignment: Uint32Array,
  statistics: ClusterStatistics,
): Float64Array {
  const dimension = mean.length;
  const { rows, squares } = statistics;
  const filled = [...rows.keys()].filter((cluster) => rows[cluster] > 0);
  const found = new Float64Array(assignment.length);
  if (filled.length < 2) return found;
  const multiply = multiplierOf(statistics.sums, dimension);
  const norms = new Float64Array(BLOCK_ROWS);
  for (let start = 0; start < assignment.length; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, assignment.length - start);
    for (let place = 0; place < count; place++) {
      const from = (start + place) * dimension;
      const to = place * dimension;
      let norm = 0;
      for (let i = 0; i < dimension; i++) {
        const value = vectors[from + i] - mean[i];
        multiply.rows[to + i] = value;
        norm += value * value;
      }
      norms[place] = norm;
    }
    multiply.run();
    for (let place = 0; place < count; place++) {
      const own = assignment[start + place];
      let [inside, outside] = [0, Number.POSITIVE_INFINITY];
      for (const cluster of filled) {
        const product = multiply.products[place * multiply.width + cluster];
        const meanSquare = Math.max(0, norms[place] + (squares[cluster] - 2 * product) / rows[cluster]);
        // The row itself, at distance 0, is not counted among its neighbours.
        if (cluster === own) inside = (meanSquare * rows[own]) / (rows[own] - 1);
        else outside = Math.min(outside, meanSquare);
      }
      const larger = Math.max(inside, outside);
      found[start + place] = rows[own] === 1 || larger === 0 ? 0 : (outside - inside) / larger;
    }
  }
  return found;
}

/** Multiplies blocks of rows with the clusters' sums. */
function multiplierOf(sums: Float64Array, dimension: number) {
  const clusters = sums.length / dimension;
  const width = Math.ceil(clusters / TILE) * TILE;
  const { buffer } = allocateShared(8 * (dimension * (width + BLOCK_ROWS) + width * BLOCK_ROWS));
  const kernel = instantiate(doubleProductKernel, memoryOf(buffer)!);
  const tiles = new Float64Array(buffer, 0, width * dimension);
  const rows = new Float64Array(buffer, tiles.byteLength, BLOCK_ROWS * dimension);
  const products = new Float64Array(buffer, rows.byteOffset + rows.byteLength, BLOCK_ROWS * width);
  for (let cluster = 0; cluster < clusters; cluster++) {
    const tile = (cluster - (cluster % TILE)) * dimension + (cluster % TILE);
    for (let i = 0; i < dimension; i++) tiles[tile + i * TILE] = sums[cluster * dimension + i];
  }
  const run = () =>
    kernel(
      rows.byteOffset,
      rows.byteOffset + rows.byteLength,
      8 * dimension,
      tiles.byteOffset,
      tiles.byteOffset + tiles.byteLength,
      products.byteOffset,
      8 * width,
    );
  return { rows, products, width, run };
}

function meanVector(vectors: Float32Array, dimension: number): Float64Array {
  const mean = new Float64Array(dimension);
  for (let start = 0; start < vectors.length; start += dimension) {
    for (let i = 0; i < dimension; i++) mean[i] += vectors[start + i];
  }
  return mean.map((sum) => (sum * dimension) / vectors.length);
}
