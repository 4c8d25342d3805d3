import { ClusterSums } from './cluster-sums.ts';
import { squaredDistance } from './distance.ts';
import { NearestCentres } from './nearest-centres.ts';

/** A row that may have to fill an empty cluster. */
export interface FarRow {
  /** Its number in the part. */
  row: number;
  cluster: number;
  /** Of its distance to the cluster's centre. */
  square: number;
  vector: Float32Array;
}

/** More than float64's relative errors in a distance and in a sum of two. */
const SLACK = 2 ** -40;

/**
 * A part of a collection's rows while they are clustered. Each row keeps bounds of its distances to its own centre and
 * to all others (Hamerly 2010, "Making k-means even faster"). Centres are compared only where the bounds meet, and the
 * result is that of comparing all.
 */
export class ClusterPart {
  readonly rows: number;
  /** The cluster of each row. */
  readonly assignment: Uint32Array;
  readonly sums: ClusterSums;
  private readonly nearest: NearestCentres;
  /** Rows that wait for their centres to be compared. */
  private readonly pending: Uint32Array;
  private readonly upper: Float64Array;
  private readonly lower: Float64Array;
  /** Undefined before rows are assigned. */
  private centres: Float32Array | undefined;

  /**
   * @param vectors Float32Array, rows × dimension, row-major, of finite numbers.
   * @param rounders As `roundersOf` gives them for all rows of the collection.
   */
  constructor(
    private readonly vectors: Float32Array,
    private readonly dimension: number,
    k: number,
    rounders: Float64Array,
  ) {
    this.rows = vectors.length / dimension;
    this.assignment = new Uint32Array(this.rows);
    this.sums = new ClusterSums(rounders, k);
    this.nearest = new NearestCentres(vectors, dimension, k);
    this.pending = new Uint32Array(this.nearest.capacity);
    this.upper = new Float64Array(this.rows);
    this.lower = new Float64Array(this.rows);
  }

  /**
   * Gives each row to its nearest centre, of equally near ones to the first.
   *
   * @param centres Float32Array, k × dimension, row-major.
   */
  assign(centres: Float32Array): void {
    const { rows, assignment, pending, upper, lower } = this;
    const isFirst = !this.centres;
    if (this.centres) this.loosen(this.centres, centres);
    this.nearest.load(centres);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      if (upper[row] < lower[row]) continue;
      pending[count++] = row;
      if (count < pending.length) continue;
      this.compare(count);
      count = 0;
    }
    this.compare(count);
    this.centres = centres;
    for (let row = 0; isFirst && row < rows; row++) this.sums.add(this.vectors, row, assignment[row]);
  }

  /** The squared distance of each row to its centre, in float64. */
  squares(): Float64Array {
    const { vectors, dimension, assignment, centres } = this;
    return Float64Array.from(assignment, (cluster, row) => {
      const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
      return squaredDistance(centres!, cluster * dimension, vector);
    });
  }

  /** The `count` rows that lie farthest from their centres, farthest first; not those that lie on them. */
  farthest(count: number): FarRow[] {
    const { vectors, dimension, assignment } = this;
    return Array.from(this.squares(), (square, row) => ({ row, cluster: assignment[row], square }))
      .filter(({ square }) => square > 0)
      .sort((a, b) => b.square - a.square || a.row - b.row)
      .slice(0, count)
      .map((far) => ({ ...far, vector: vectors.subarray(far.row * dimension, (far.row + 1) * dimension) }));
  }

  /** Gives a row to another cluster, until the next `assign`. */
  move(row: number, cluster: number): void {
    this.sums.remove(this.vectors, row, this.assignment[row]);
    this.sums.add(this.vectors, row, cluster);
    this.assignment[row] = cluster;
    this.upper[row] = Number.POSITIVE_INFINITY;
  }

  /** Makes the bounds good for centres that have moved. */
  private loosen(last: Float32Array, moved: Float32Array): void {
    const { rows, dimension, assignment, upper, lower } = this;
    const drifts = Float64Array.from({ length: last.length / dimension }, (_, cluster) => {
      const start = cluster * dimension;
      const square = squaredDistance(last, start, moved.subarray(start, start + dimension));
      return Math.sqrt(square) * (1 + SLACK);
    });
    const largest = drifts.reduce((most, drift) => Math.max(most, drift), 0);
    for (let row = 0; row < rows; row++) {
      upper[row] = (upper[row] + drifts[assignment[row]]) * (1 + SLACK);
      lower[row] = (lower[row] - largest) * (1 - SLACK);
    }
  }

  /** Compares the first `count` of the pending rows with all centres. */
  private compare(count: number): void {
    const { vectors, assignment, sums, nearest, pending, upper, lower } = this;
    nearest.find(pending.subarray(0, count));
    for (let i = 0; i < count; i++) {
      const row = pending[i];
      const cluster = nearest.numbers[i];
      if (cluster !== assignment[row]) {
        if (this.centres) {
          sums.remove(vectors, row, assignment[row]);
          sums.add(vectors, row, cluster);
        }
        assignment[row] = cluster;
      }
      upper[row] = nearest.upper[i];
      lower[row] = nearest.lower[i];
    }
  }
}
