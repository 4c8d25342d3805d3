import { SoundalikeError } from '../errors.ts';
import { drawRows, gatherRows, seedCentres } from './kmeans-start.ts';
import { type Clustering, lloyd } from './lloyd.ts';
import { miniBatch } from './mini-batch.ts';
import { createRandom } from './random.ts';

/** Rows times clusters up to which every iteration takes all rows: 50 clusters of 160,000 rows. */
const LLOYD_LIMIT = 2 ** 23;

/** Where Lloyd's iterations take all rows, the start is worth more care. */
const START = {
  /** Rows a cluster that the seeds are drawn from, and that Lloyd's iterations then take. */
  lloyd: { seedRows: 64, rows: 256, iterations: 20 },
  miniBatch: { seedRows: 16, rows: 16, iterations: 5 },
};

/** Spark's default; most of the gain comes from the first few. */
const ITERATIONS = 20;

/**
 * K-Means. The start is sought on random samples of the rows, by k-means++ and Lloyd's iterations. From there,
 * Lloyd's iterations take all rows; or where this is too much work, mini-batches, before all rows go to their nearest
 * centre. The same rows and seed give the same bits.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param options `k`: number of clusters, by default the root of half the rows, from 1 to 256; fewer come back
 * where fewer rows differ. `seed`: by default 1. `iterations`: at most so many, by default 20.
 * @throws SoundalikeError USAGE where a value is not a finite number.
 */
export function kmeans(
  vectors: Float32Array,
  dimension: number,
  options: { k?: number; seed?: number; iterations?: number } = {},
): Clustering {
  const rows = vectors.length / dimension;
  refuseOddNumbers(vectors, dimension);
  if (rows === 0) return { centres: new Float32Array(0), assignment: new Uint32Array(0), inertia: 0 };
  const { k = Math.min(256, Math.max(1, Math.round(Math.sqrt(rows / 2)))), seed = 1 } = options;
  const { iterations = ITERATIONS } = options;
  const way = rows * k <= LLOYD_LIMIT ? 'lloyd' : 'miniBatch';
  const random = createRandom(seed);
  const start = START[way];
  const sample = (count: number) => gatherRows(vectors, dimension, drawRows(rows, count, random));
  const trials = way === 'lloyd' ? trialsFor(k) : 1;
  const seeds = seedCentres(sample(k * start.seedRows), dimension, k, trials, random);
  // A sample nearly as large as all rows would cost as much as they do.
  const isSmall = k * start.rows < rows / 4;
  const centres = isSmall ? lloyd(sample(k * start.rows), dimension, seeds, start.iterations).centres : seeds;
  return way === 'lloyd'
    ? lloyd(vectors, dimension, centres, iterations)
    : lloyd(vectors, dimension, miniBatch(vectors, dimension, centres, iterations, random), 0);
}

/** 2 + ⌊ln k⌋, as in scikit-learn, without a logarithm. Of very many clusters a seed that is ill chosen costs little. */
function trialsFor(k: number): number {
  let trials = 2;
  for (let power = Math.E; power <= k; power *= Math.E) trials++;
  return trials;
}

function refuseOddNumbers(vectors: Float32Array, dimension: number): void {
  for (let i = 0; i < vectors.length; i++) {
    if (Number.isFinite(vectors[i])) continue;
    throw new SoundalikeError(
      'USAGE',
      `row ${Math.floor(i / dimension)} has a value that is no finite number: leave the row out`,
    );
  }
}
