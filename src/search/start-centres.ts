import { drawRows, seedCentres } from './kmeans-start.ts';
import { lloyd } from './lloyd.ts';
import type { Random } from './random.ts';

/** Where Lloyd's iterations take all rows, the start is worth more care. */
const START = {
  /** Rows a cluster that the seeds are drawn from, and that Lloyd's iterations then take. */
  lloyd: { seedRows: 64, rows: 256, iterations: 20 },
  miniBatch: { seedRows: 16, rows: 16, iterations: 5 },
};

/**
 * Seeks centres to start from on random samples of the rows, by k-means++ and Lloyd's iterations. A generator, for the
 * rows to lie in memory or in files: it yields the numbers of the rows of a sample, in their order, and takes their
 * vectors, one after the other.
 *
 * @param rows Of the collection; at least 1.
 * @returns k × dimension, row-major; fewer centres where fewer rows differ.
 */
export function* startCentres(
  rows: number,
  dimension: number,
  k: number,
  way: keyof typeof START,
  random: Random,
): Generator<Uint32Array, Float32Array, Float32Array> {
  const start = START[way];
  const trials = way === 'lloyd' ? trialsFor(k) : 1;
  const seeds = seedCentres(yield drawRows(rows, k * start.seedRows, random), dimension, k, trials, random);
  // A sample nearly as large as all rows would cost as much as they do.
  if (k * start.rows >= rows / 4) return seeds;
  const sample = yield drawRows(rows, k * start.rows, random);
  return lloyd(sample, dimension, seeds, start.iterations).centres;
}

/** 2 + ⌊ln k⌋, as in scikit-learn, without a logarithm. Of very many clusters a seed that is ill chosen costs little. */
function trialsFor(k: number): number {
  let trials = 2;
  for (let power = Math.E; power <= k; power *= Math.E) trials++;
  return trials;
}
