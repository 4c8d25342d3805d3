import { innerProduct } from './distance.ts';

/** Rows that an index holds at most: a key of 32 bits and a row of 21 sort together as one float64. */
export const MAXIMUM_ROWS = 2 ** 21;

/** Hashes of a table at most: a set of the moves up and down each of them is one 32-bit number. */
export const MAXIMUM_HASHES = 16;

/** What decides the buckets, in Spark's words where Spark (BucketedRandomProjectionLSH) has one. */
export interface LshParameters {
  /** Width of a bucket along one direction, in the unit of the vectors. */
  bucketLength: number;
  /** Tables; a row is a candidate if one of them puts it into a probed bucket. */
  numHashTables: number;
  /** Hashes of one table; rows share a bucket where all of them agree. At most `MAXIMUM_HASHES`. */
  numHashes: number;
  /** Buckets that a query looks up, over all tables. */
  probes: number;
}

/** Hash functions and bucket tables over the rows of a matrix. H is numHashTables × numHashes. */
export interface LshIndex {
  dimension: number;
  /** rows × dimension, row-major. */
  vectors: Float32Array;
  parameters: LshParameters;
  /** H × dimension, row-major, table by table: unit vectors. */
  directions: Float32Array;
  /** H: added to a projection, takes the mean away and an offset from [0, bucketLength) on. */
  shifts: Float64Array;
  /** H: what one bucket further along a direction adds to the bucket's key, modulo 2^32. */
  keySteps: Uint32Array;
  /** numHashTables + 1: where the buckets of a table begin. */
  tableStarts: Uint32Array;
  /** Keys of the buckets that hold a row, ascending within a table. */
  bucketKeys: Uint32Array;
  /** One more than buckets: where the rows of a bucket begin. */
  bucketStarts: Uint32Array;
  /** Row numbers, bucket by bucket, ascending within a bucket; each row once a table. */
  bucketRows: Uint32Array;
}

/** What a vector's bucket depends on. */
export type HashFunctions = Pick<LshIndex, 'dimension' | 'parameters' | 'directions' | 'shifts' | 'keySteps'>;

/** Where a vector lies along the direction of hash `hash`, in buckets: its floor is Spark's hash value. */
export function positionInBuckets(
  { dimension, parameters, directions, shifts }: HashFunctions,
  hash: number,
  vectors: Float32Array,
  start: number,
): number {
  const projection = innerProduct(directions, hash * dimension, vectors, start, dimension);
  return (projection + shifts[hash]) / parameters.bucketLength;
}

/**
 * Key of the bucket of a table that holds a vector: E2LSH's weighted sum of the hash values, modulo 2^32. Two
 * buckets of one key cost candidates, never a neighbour.
 */
export function bucketKeyOf(
  functions: HashFunctions,
  table: number,
  vectors: Float32Array,
  start: number,
): number {
  const { numHashes } = functions.parameters;
  let key = 0;
  for (let hash = table * numHashes; hash < (table + 1) * numHashes; hash++) {
    const bucket = Math.floor(positionInBuckets(functions, hash, vectors, start));
    key += Math.imul(bucket, functions.keySteps[hash]);
  }
  return key >>> 0;
}
