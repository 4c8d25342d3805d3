import { squaredDistance } from './distance.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import { RowFilter } from './row-filter.ts';

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

/** Centres of the first block that rows are compared with. */
const FIRST_BLOCK = 16;

/** Rows a centre that training sees at most. Faiss warns below 39 and samples above 256. */
const TRAINING_ROWS = 64;

/**
 * K-Means: k-means++ seeding (Arthur and Vassilvitskii 2007) and Lloyd's iterations on a random sample of the
 * rows, then all rows go to their nearest centre. The same rows and seed give the same bits.
 *
 * @param vectors Float32Array, rows × dimension, row-major; at least 1 row.
 * @param options `k`: number of clusters, by default the root of half the rows, from 1 to 256; fewer come back
 * where fewer rows differ. `seed`: by default 1. `iterations`: Lloyd's at most, by default 20.
 */
export function kmeans(
  vectors: Float32Array,
  dimension: number,
  options: { k?: number; seed?: number; iterations?: number } = {},
): Clustering {
  const rows = vectors.length / dimension;
  const { k = Math.min(256, Math.max(1, Math.round(Math.sqrt(rows / 2)))), seed = 1, iterations } = options;
  const random = createRandom(seed);
  const sample = sampleRows(vectors, dimension, k * TRAINING_ROWS, random);
  const trained = lloyd(sample, dimension, seedCentres(sample, dimension, k, random), iterations);
  return sample === vectors
    ? trained
    : clusteringOf(trained.centres, assignRows(vectors, dimension, trained.centres));
}

/** `count` rows drawn without replacement, in their order (Knuth, TAOCP 3.4.2, algorithm S); or all. */
function sampleRows(vectors: Float32Array, dimension: number, count: number, random: Random): Float32Array {
  const rows = vectors.length / dimension;
  if (rows <= count) return vectors;
  const sample = new Float32Array(count * dimension);
  for (let row = 0, taken = 0; taken < count; row++) {
    if (random.uniform() * (rows - row) >= count - taken) continue;
    sample.set(vectors.subarray(row * dimension, (row + 1) * dimension), taken++ * dimension);
  }
  return sample;
}

/** Each further centre is a row, drawn with a chance proportional to its squared distance to the nearest one. */
function seedCentres(vectors: Float32Array, dimension: number, k: number, random: Random): Float32Array {
  const rows = vectors.length / dimension;
  const centres = new Float32Array(k * dimension);
  const squares = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let next = Math.floor(random.uniform() * rows);
  for (let cluster = 0; cluster < k; cluster++) {
    const centre = centres.subarray(cluster * dimension, (cluster + 1) * dimension);
    centre.set(vectors.subarray(next * dimension, (next + 1) * dimension));
    let total = 0;
    for (let row = 0; row < rows; row++) {
      squares[row] = Math.min(squares[row], squaredDistance(vectors, row * dimension, centre, squares[row]));
      total += squares[row];
    }
    if (total === 0) return centres.slice(0, (cluster + 1) * dimension);
    // A row at distance 0 is not drawn: the sum passes the target only at a row that adds to it.
    const target = random.uniform() * total;
    next = 0;
    for (let sum = squares[0]; sum <= target && next < rows - 1; sum += squares[next]) next++;
  }
  return centres;
}

/**
 * Lloyd's iterations from given centres until no row changes its cluster, `maximumIterations` at most. A cluster
 * that loses all rows takes the row that lies farthest from its centre (as scikit-learn does).
 *
 * @param centres Float32Array, k × dimension, row-major; stays as it is.
 */
export function lloyd(
  vectors: Float32Array,
  dimension: number,
  centres: Float32Array,
  maximumIterations = MAXIMUM_ITERATIONS,
): Clustering {
  let moved = centres;
  let assigned = assignRows(vectors, dimension, moved);
  for (let iteration = 0; iteration < maximumIterations; iteration++) {
    moved = meansOf(vectors, dimension, moved, assigned);
    const next = assignRows(vectors, dimension, moved, assigned.assignment);
    const settled = next.assignment.every((cluster, row) => cluster === assigned.assignment[row]);
    assigned = next;
    if (settled) break;
  }
  return clusteringOf(moved, assigned);
}

interface Assigned {
  assignment: Uint32Array;
  /** Squared distance of each row to its centre. */
  squares: Float64Array;
}

/** The nearest centre of each row, of equally near ones the first. */
function assignRows(
  vectors: Float32Array,
  dimension: number,
  centres: Float32Array,
  previous?: Uint32Array,
): Assigned {
  const rows = vectors.length / dimension;
  const k = centres.length / dimension;
  const assignment = new Uint32Array(rows);
  const squares = new Float64Array(rows);
  const filter = new RowFilter(centres, dimension);
  for (let from = 0, count = 0; from < k; from += count) {
    // Blocks double from a small one where no distance is known yet that rules most centres out.
    count = Math.min(previous ? k : Math.max(FIRST_BLOCK, from), filter.capacity, k - from);
    filter.loadRange(from, count);
    for (let row = 0; row < rows; row++) {
      const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
      if (from === 0) {
        // The last centre is mostly the nearest still: few others are within its distance.
        assignment[row] = previous?.[row] ?? 0;
        squares[row] = squaredDistance(centres, assignment[row] * dimension, vector);
      }
      for (const cluster of filter.within(vector, squares[row])) {
        const square = squaredDistance(centres, cluster * dimension, vector, squares[row]);
        if (square < squares[row] || (square === squares[row] && cluster < assignment[row])) {
          assignment[row] = cluster;
          squares[row] = square;
        }
      }
    }
  }
  return { assignment, squares };
}

/** The means of the clusters' rows; an empty cluster takes a row from another first, in `assigned` too. */
function meansOf(
  vectors: Float32Array,
  dimension: number,
  centres: Float32Array,
  assigned: Assigned,
): Float32Array {
  const counts = fillEmpty(assigned, centres.length / dimension);
  const sums = new Float64Array(centres.length);
  assigned.assignment.forEach((cluster, row) => {
    for (let i = 0; i < dimension; i++) sums[cluster * dimension + i] += vectors[row * dimension + i];
  });
  return centres.map((value, i) => {
    const count = counts[Math.floor(i / dimension)];
    return count === 0 ? value : sums[i] / count;
  });
}

/** @returns The number of rows of each cluster, 0 only where no row lies off its centre. */
function fillEmpty({ assignment, squares }: Assigned, k: number): Uint32Array {
  const counts = new Uint32Array(k);
  for (const cluster of assignment) counts[cluster]++;
  for (let empty = counts.indexOf(0); empty >= 0; empty = counts.indexOf(0, empty + 1)) {
    let farthest = -1;
    squares.forEach((square, row) => {
      if (square > (squares[farthest] ?? 0) && counts[assignment[row]] > 1) farthest = row;
    });
    if (farthest < 0) break;
    counts[assignment[farthest]]--;
    counts[empty] = 1;
    assignment[farthest] = empty;
    squares[farthest] = 0;
  }
  return counts;
}

function clusteringOf(centres: Float32Array, { assignment, squares }: Assigned): Clustering {
  return { centres, assignment, inertia: squares.reduce((sum, square) => sum + square, 0) };
}
