import { squaredDistance } from './distance.ts';
import type { Random } from './random.ts';

/** `count` rows drawn without replacement, in their order (Knuth, TAOCP 3.4.2, algorithm S); or all. */
export function drawRows(rows: number, count: number, random: Random): Uint32Array {
  const drawn = new Uint32Array(Math.min(rows, count));
  for (let row = 0, taken = 0; taken < drawn.length; row++) {
    if (random.uniform() * (rows - row) < drawn.length - taken) drawn[taken++] = row;
  }
  return drawn;
}

/**
 * k-means++ (Arthur and Vassilvitskii 2007): each further centre is a row, drawn with a chance proportional to its
 * squared distance to the nearest one. Of several rows drawn, the one is taken that leaves the least sum of squared
 * distances (greedy k-means++, as scikit-learn has it).
 *
 * @param vectors Float32Array, rows × dimension, row-major; at least 1 row.
 * @param trials Rows drawn for each centre.
 * @returns k × dimension; fewer centres where fewer rows differ.
 */
export function seedCentres(
  vectors: Float32Array,
  dimension: number,
  k: number,
  trials: number,
  random: Random,
): Float32Array {
  const rows = vectors.length / dimension;
  const centres = new Float32Array(k * dimension);
  const first = Math.floor(random.uniform() * rows);
  let chosen = withCentre(new Float64Array(rows).fill(Number.POSITIVE_INFINITY), first);
  for (let cluster = 0; ; ) {
    centres.set(vectors.subarray(chosen.row * dimension, (chosen.row + 1) * dimension), cluster * dimension);
    cluster++;
    if (cluster === k || chosen.total === 0) return centres.slice(0, cluster * dimension);
    const last = chosen;
    chosen = withCentre(last.squares, drawRow(last));
    for (let trial = 1; trial < trials; trial++) {
      const other = withCentre(last.squares, drawRow(last));
      if (other.total < chosen.total) chosen = other;
    }
  }

  /** The squared distance of each row to the nearest centre, once `row` is one. */
  function withCentre(squares: Float64Array, row: number) {
    const centre = vectors.subarray(row * dimension, (row + 1) * dimension);
    let total = 0;
    const nearer = squares.map((square, i) => {
      const least = Math.min(square, squaredDistance(vectors, i * dimension, centre, square));
      total += least;
      return least;
    });
    return { row, squares: nearer, total };
  }

  function drawRow({ squares, total }: { squares: Float64Array; total: number }): number {
    // A row at distance 0 is not drawn: the sum passes the target only at a row that adds to it.
    const target = random.uniform() * total;
    let row = 0;
    for (let sum = squares[0]; sum <= target && row < rows - 1; sum += squares[row]) row++;
    return row;
  }
}
