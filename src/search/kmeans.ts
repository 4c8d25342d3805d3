import { SoundalikeError } from '../errors.ts';
import { gatherRows } from './gather-rows.ts';
import { type Clustering, lloyd } from './lloyd.ts';
import { miniBatch } from './mini-batch.ts';
import { createRandom } from './random.ts';
import { startCentres } from './start-centres.ts';

/** Rows times clusters up to which every iteration takes all rows: 50 clusters of 160,000 rows. */
const LLOYD_LIMIT = 2 ** 23;

/** Spark's default; most of the gain comes from the first few. */
export const ITERATIONS = 20;

/** The root of half the rows, from 1 to 256. */
export function usualClusters(rows: number): number {
  return Math.min(256, Math.max(1, Math.round(Math.sqrt(rows / 2))));
}

/**
 * K-Means. The start is sought on random samples of the rows, by k-means++ and Lloyd's iterations. From there,
 * Lloyd's iterations take all rows; or where this is too much work, mini-batches, before all rows go to their nearest
 * centre. The same rows and seed give the same bits.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param options `k`: number of clusters, by default `usualClusters`; fewer come back where fewer rows differ.
 * `seed`: by default 1. `iterations`: at most so many, by default 20.
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
  const { k = usualClusters(rows), seed = 1, iterations = ITERATIONS } = options;
  const way = rows * k <= LLOYD_LIMIT ? 'lloyd' : 'miniBatch';
  const random = createRandom(seed);
  const start = startCentres(rows, dimension, k, way, random);
  let sought = start.next();
  while (!sought.done) sought = start.next(gatherRows(vectors, dimension, sought.value));
  const centres = sought.value;
  return way === 'lloyd'
    ? lloyd(vectors, dimension, centres, iterations)
    : lloyd(vectors, dimension, miniBatch(vectors, dimension, centres, iterations, random), 0);
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
