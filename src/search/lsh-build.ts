import { innerProduct } from './distance.ts';
import { calibrateProbes } from './lsh-calibrate.ts';
import type { HashFunctions, LshIndex, LshParameters } from './lsh-index.ts';
import { bucketKeyOf, MAXIMUM_ROWS } from './lsh-index.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import { sampleQueries } from './sample-queries.ts';

/** Recall on the sample. Above the 0.95 that is meant, for other queries do a little better or worse. */
const RECALL = 0.96;

/**
 * Hashes the rows into buckets.
 *
 * @param vectors Float32Array, rows × dimension, row-major; at least 1 row and `MAXIMUM_ROWS` at most.
 * @param given Parameters to use in place of the defaults. These are: 10 tables; log2(rows) - 5 hashes, from 2
 * to 12, which leaves some rows a bucket; a bucket 1.5 times as long as the projections' standard deviation;
 * as many probes as `recall` (0.96) of the nearest neighbours of a sample of the rows need; seed 1.
 */
export function buildLsh(
  vectors: Float32Array,
  dimension: number,
  given: Partial<LshParameters> & { recall?: number; seed?: number } = {},
): LshIndex {
  const rows = vectors.length / dimension;
  const {
    numHashTables = 10,
    numHashes = Math.min(12, Math.max(2, 26 - Math.clz32(rows))),
    recall = RECALL,
    seed = 1,
  } = given;
  const random = createRandom(seed);
  const hashes = numHashTables * numHashes;
  const directions = drawDirections(vectors, dimension, hashes, random);
  const { mean, deviation } = measureProjections(vectors, dimension, directions);
  // Without any spread there is one bucket, whatever its length.
  const { bucketLength = deviation > 0 ? 1.5 * deviation : 1 } = given;
  const functions = {
    dimension,
    parameters: { bucketLength, numHashTables, numHashes, probes: 1 },
    directions,
    shifts: Float64Array.from(mean, (value) => random.uniform() * bucketLength - value),
    keySteps: Uint32Array.from({ length: hashes }, () => random.integer()),
  };
  const index: LshIndex = { ...functions, vectors, ...fillTables(functions, vectors) };
  const probes = given.probes ?? calibrateProbes(index, sampleQueries(vectors, dimension), recall);
  return { ...index, parameters: { ...index.parameters, probes } };
}

/**
 * Unit vectors along the differences of two random rows. Spark draws them evenly from all directions, most of
 * which tell little where values are correlated; these lie where the data spreads (see docs/search.md).
 */
function drawDirections(
  vectors: Float32Array,
  dimension: number,
  count: number,
  random: Random,
): Float32Array {
  const randomRow = () => Math.floor(random.uniform() * (vectors.length / dimension)) * dimension;
  const directions = new Float32Array(count * dimension);
  for (let start = 0; start < directions.length; start += dimension) {
    const direction = directions.subarray(start, start + dimension);
    const from = randomRow();
    const to = randomRow();
    for (let i = 0; i < dimension; i++) direction[i] = vectors[to + i] - vectors[from + i];
    const isZero = direction.every((value) => value === 0);
    // Twice the same row, or two equal ones: any direction will do.
    if (isZero) for (let i = 0; i < dimension; i++) direction[i] = random.normal();
    const norm = Math.sqrt(innerProduct(direction, 0, direction, 0, dimension));
    for (let i = 0; i < dimension; i++) direction[i] /= norm;
  }
  return directions;
}

/** Mean of each projection, and the root mean variance of all, over one to two thousand evenly spread rows. */
function measureProjections(vectors: Float32Array, dimension: number, directions: Float32Array) {
  const stride = Math.max(1, Math.floor(vectors.length / dimension / 1000)) * dimension;
  const mean = new Float64Array(directions.length / dimension);
  let squares = 0;
  let seen = 0;
  for (let start = 0; start < vectors.length; start += stride) {
    seen++;
    for (let hash = 0; hash < mean.length; hash++) {
      const projection = innerProduct(directions, hash * dimension, vectors, start, dimension);
      const deviation = projection - mean[hash];
      mean[hash] += deviation / seen;
      squares += deviation * (projection - mean[hash]);
    }
  }
  return { mean, deviation: Math.sqrt(squares / seen / mean.length) };
}

type Tables = Pick<LshIndex, 'tableStarts' | 'bucketKeys' | 'bucketStarts' | 'bucketRows'>;

function fillTables(functions: HashFunctions, vectors: Float32Array): Tables {
  const { numHashTables } = functions.parameters;
  const rows = vectors.length / functions.dimension;
  const tableStarts = [0];
  const bucketKeys: number[] = [];
  const bucketStarts: number[] = [];
  const bucketRows = new Uint32Array(numHashTables * rows);
  const keyed = new Float64Array(rows);
  for (let table = 0; table < numHashTables; table++) {
    for (let row = 0; row < rows; row++) {
      keyed[row] = bucketKeyOf(functions, table, vectors, row * functions.dimension) * MAXIMUM_ROWS + row;
    }
    keyed.sort();
    let previous = -1;
    for (let i = 0; i < rows; i++) {
      const key = Math.floor(keyed[i] / MAXIMUM_ROWS);
      if (key !== previous) {
        bucketKeys.push(key);
        bucketStarts.push(table * rows + i);
        previous = key;
      }
      bucketRows[table * rows + i] = keyed[i] % MAXIMUM_ROWS;
    }
    tableStarts.push(bucketKeys.length);
  }
  bucketStarts.push(bucketRows.length);
  return {
    tableStarts: Uint32Array.from(tableStarts),
    bucketKeys: Uint32Array.from(bucketKeys),
    bucketStarts: Uint32Array.from(bucketStarts),
    bucketRows,
  };
}
