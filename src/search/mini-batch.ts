import { drawRows } from './kmeans-start.ts';
import { NearestCentres } from './nearest-centres.ts';
import type { Random } from './random.ts';

/** Rows a centre that a batch has. */
const ROWS_PER_CENTRE = 64;

/** Rows that a batch has at least. */
const LEAST_ROWS = 16_384;

/**
 * Mini-batch K-Means (Sculley 2010, "Web-scale k-means clustering"): each iteration draws other rows, and moves each
 * centre to the mean of all rows that it was ever nearest to.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param centres Float32Array, k × dimension, row-major; stays as it is.
 * @returns The centres after so many iterations.
 */
export function miniBatch(
  vectors: Float32Array,
  dimension: number,
  centres: Float32Array,
  iterations: number,
  random: Random,
): Float32Array {
  const rows = vectors.length / dimension;
  const k = centres.length / dimension;
  const size = Math.max(LEAST_ROWS, ROWS_PER_CENTRE * k);
  const nearest = new NearestCentres(vectors, dimension, k);
  const counts = new Float64Array(k);
  const sums = new Float64Array(centres.length);
  let moved = centres;
  for (let iteration = 0; iteration < iterations; iteration++) {
    nearest.load(moved);
    const batch = drawRows(rows, size, random);
    for (let start = 0; start < batch.length; start += nearest.capacity) {
      const block = batch.subarray(start, start + nearest.capacity);
      nearest.find(block);
      for (let i = 0; i < block.length; i++) take(block[i], nearest.numbers[i]);
    }
    moved = moved.map((value, i) => {
      const count = counts[Math.floor(i / dimension)];
      return count === 0 ? value : sums[i] / count;
    });
  }
  return moved;

  function take(row: number, cluster: number): void {
    const [from, to] = [row * dimension, cluster * dimension];
    for (let i = 0; i < dimension; i++) sums[to + i] += vectors[from + i];
    counts[cluster]++;
  }
}
