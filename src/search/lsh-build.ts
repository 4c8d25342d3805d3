import { allocateFloats, allocateShared, memoryOf } from '../wasm/shared-memory.ts';
import { innerProduct } from './distance.ts';
import { evenlySpread } from './evenly-spread.ts';
import { calibrateLsh } from './lsh-calibrate.ts';
import { drawDirections } from './lsh-directions.ts';
import type { LshIndex, LshParameters } from './lsh-index.ts';
import { fillTables, wholeOf } from './lsh-tables.ts';
import { trainCodebooks } from './product-quantiser.ts';
import { Projector } from './projector.ts';
import { createRandom } from './random.ts';
import { type Rotation, rotationOf } from './rotation.ts';
import { sampleQueries } from './sample-queries.ts';

/** Share of the ten nearest rows that queries find. */
const RECALL = 0.95;

/** Rows that bucket lengths and codebooks are measured on, at most; evenly spread. */
const SAMPLE = 4096;

/** Queries to calibrate on: fewer than the tree's, for the build to be short. */
const QUERIES = 200;

/**
 * Hashes the rows into buckets.
 *
 * @param vectors Float32Array, rows × dimension, row-major; at least 1 row and `MAXIMUM_ROWS` at most.
 * @param given Parameters to use in place of the defaults. These are: 1 table; log2(rows) - 8 hashes, but
 * 2 at least, which leaves some hundreds of rows a bucket; a bucket so long that each direction has two of them, on either
 * side of the mean; as few probes and places re-ranked as `recall` (0.95) of the nearest neighbours of a sample of the
 * rows need; seed 1; the rows' own rotation.
 */
export function buildLsh(
  vectors: Float32Array,
  dimension: number,
  given: Partial<LshParameters> & { recall?: number; seed?: number; rotation?: Rotation } = {},
): LshIndex {
  const rows = vectors.length / dimension;
  const {
    numHashTables = 1,
    numHashes = Math.max(2, 23 - Math.clz32(rows)),
    recall = RECALL,
    seed = 1,
  } = given;
  const random = createRandom(seed);
  const { rotation: principal = rotationOf(vectors, dimension) } = given;
  const { offsets } = principal;
  const m = offsets.length;
  const rotation = withoutPadding(principal.rotation, dimension, m);
  const directions = drawDirections({ ...principal, rotation }, numHashTables, numHashes, random);
  const shifts = centreOf(vectors, dimension, directions);

  const memory = memoryOf(allocateShared(0).buffer)!;
  const sample = evenlySpread(rows, SAMPLE);
  const projector = new Projector(memory, dimension, [rotation, directions], [offsets, shifts]);
  const components = new Float32Array(sample.length * m);
  let widest = 0;
  sample.forEach((row, i) => {
    const products = projector.project(vectors.subarray(row * dimension, (row + 1) * dimension));
    components.set(products.subarray(0, m), i * m);
    for (const value of products.subarray(m)) widest = Math.max(widest, Math.abs(value));
  });
  const bucketLength = given.bucketLength ?? (widest > 0 ? 4 * widest : 1);
  if (given.bucketLength !== undefined) {
    for (let hash = 0; hash < shifts.length; hash++) shifts[hash] += random.uniform() * bucketLength;
  }
  const functions = {
    dimension,
    parameters: { bucketLength, numHashTables, numHashes, probes: 1, reRank: 1 },
    directions: floatsOf(directions),
    shifts: floatsOf(shifts),
    keySteps: wholeOf(Uint32Array.from(shifts, () => random.integer())),
    rotation: floatsOf(rotation),
    offsets: floatsOf(offsets),
    codebooks: floatsOf(trainCodebooks(components, m)),
  };
  const index: LshIndex = { ...functions, vectors, ...fillTables(functions, vectors) };
  if (given.probes !== undefined && given.reRank !== undefined) {
    return withParameters(index, given.probes, given.reRank);
  }
  const queries = sampleQueries(vectors, dimension, undefined, QUERIES);
  const { probes, reRank } = calibrateLsh(index, queries, recall, given.probes);
  return withParameters(index, probes, given.reRank ?? reRank);
}

/** A copy in memory that threads can share. */
function floatsOf(values: Float32Array): Float32Array {
  const shared = allocateFloats(values.length);
  shared.set(values);
  return shared;
}

function withParameters(index: LshIndex, probes: number, reRank: number): LshIndex {
  return { ...index, parameters: { ...index.parameters, probes, reRank } };
}

/** A matrix whose rows are filled up with zeros, without these. */
function withoutPadding(matrix: Float32Array, dimension: number, rows: number): Float32Array {
  const stride = matrix.length / rows;
  const dense = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    dense.set(matrix.subarray(row * stride, row * stride + dimension), row * dimension);
  }
  return dense;
}

/** For each direction what takes the mean of the projections away. */
function centreOf(vectors: Float32Array, dimension: number, directions: Float32Array): Float32Array {
  const sample = evenlySpread(vectors.length / dimension, SAMPLE);
  const mean = new Float64Array(dimension);
  for (const row of sample) {
    for (let i = 0; i < dimension; i++) mean[i] += vectors[row * dimension + i] / sample.length;
  }
  const rounded = Float32Array.from(mean);
  return Float32Array.from(
    { length: directions.length / dimension },
    (_, hash) => -innerProduct(directions, hash * dimension, rounded, 0, dimension),
  );
}
