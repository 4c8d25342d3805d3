/**
 * Rows of clusters, and the sums of their vectors. Values are rounded to steps so coarse that float64 holds every sum
 * of them exactly. So the same rows give the same sums in any order and in any parts, and a row can be taken out again.
 */
export class ClusterSums {
  readonly counts: Uint32Array;
  /** k × dimension, row-major. */
  readonly sums: Float64Array;

  /** @param rounders As `roundersOf` gives them for all rows of the collection. */
  constructor(
    private readonly rounders: Float64Array,
    k: number,
  ) {
    this.counts = new Uint32Array(k);
    this.sums = new Float64Array(k * rounders.length);
  }

  /** @param vectors Float32Array, rows × dimension, row-major. */
  add(vectors: Float32Array, row: number, cluster: number): void {
    const { rounders, sums } = this;
    const dimension = rounders.length;
    const [from, to] = [row * dimension, cluster * dimension];
    for (let i = 0; i < dimension; i++) sums[to + i] += vectors[from + i] + rounders[i] - rounders[i];
    this.counts[cluster]++;
  }

  remove(vectors: Float32Array, row: number, cluster: number): void {
    const { rounders, sums } = this;
    const dimension = rounders.length;
    const [from, to] = [row * dimension, cluster * dimension];
    for (let i = 0; i < dimension; i++) sums[to + i] -= vectors[from + i] + rounders[i] - rounders[i];
    this.counts[cluster]--;
  }

  /** Adds the rows of another part of the collection. */
  merge(other: Pick<ClusterSums, 'counts' | 'sums'>): void {
    for (let i = 0; i < this.sums.length; i++) this.sums[i] += other.sums[i];
    for (let i = 0; i < this.counts.length; i++) this.counts[i] += other.counts[i];
  }

  /** The means of the clusters; of one without rows, what `centres` has for it. */
  means(centres: Float32Array): Float32Array {
    const dimension = this.rounders.length;
    return centres.map((value, i) => {
      const count = this.counts[Math.floor(i / dimension)];
      return count === 0 ? value : this.sums[i] / count;
    });
  }

  /** The mean of all rows; of none, NaN. */
  mean(): Float64Array {
    const dimension = this.rounders.length;
    const mean = new Float64Array(dimension);
    for (let i = 0; i < this.sums.length; i++) mean[i % dimension] += this.sums[i];
    const rows = this.counts.reduce((sum, count) => sum + count, 0);
    return mean.map((sum) => sum / rows);
  }
}

/**
 * The largest magnitude of each column.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 */
export function largestOf(vectors: Float32Array, dimension: number): Float64Array {
  const largest = new Float64Array(dimension);
  for (let start = 0; start < vectors.length; start += dimension) {
    for (let i = 0; i < dimension; i++) largest[i] = Math.max(largest[i], Math.abs(vectors[start + i]));
  }
  return largest;
}

/**
 * The numbers that round a value of each column: (value + rounder) - rounder is a multiple of the column's step. This
 * is at most 2^-49 of the rows times the column's largest value, so that a float32 of a million rows loses bits only
 * where it is smaller than the largest by 2^-6 or more.
 *
 * @param largest As `largestOf` gives it for all rows that will be summed up.
 * @param rows Their number.
 */
export function roundersOf(largest: Float64Array, rows: number): Float64Array {
  return largest.map((value) => {
    let step = 2 ** -200;
    while (step < value * rows * 2 ** -50) step *= 2;
    return 1.5 * 2 ** 52 * step;
  });
}
