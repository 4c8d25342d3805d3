/** Rows that an index holds at most: a key of 32 bits and a row of 21 sort together as one float64. */
export const MAXIMUM_ROWS = 2 ** 21;

/** Hashes of a table at most: a set of the moves up and down each of them is one 32-bit number. */
export const MAXIMUM_HASHES = 16;

/** Places re-ranked at most. With more the exact scan is the shorter way. */
export const MAXIMUM_RERANK = 2 ** 12;

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
  /** Places of the best scores, over all tables, whose rows a query then ranks by their exact distances. */
  reRank: number;
}

/**
 * Hash functions, bucket tables over the rows of a matrix, and the rows' codes in the order of the buckets. H is
 * numHashTables × numHashes, P is numHashTables × rows: the places of the rows in all tables.
 */
export interface LshIndex {
  dimension: number;
  /** rows × dimension, row-major. */
  vectors: Float32Array;
  parameters: LshParameters;
  /** H × dimension, row-major, table by table: unit vectors. */
  directions: Float32Array;
  /** H: added to a projection, takes the mean away and puts an offset on. */
  shifts: Float32Array;
  /** H: what one bucket further along a direction adds to the bucket's key, modulo 2^32. */
  keySteps: Uint32Array;
  /** m × dimension, row-major: turns a vector into the components that codes are made of. */
  rotation: Float32Array;
  /** m: to add to the components, takes the mean away. */
  offsets: Float32Array;
  /** blocks × 2 × 16: what the codes of a block stand for. */
  codebooks: Float32Array;
  /** numHashTables + 1: where the buckets of a table begin. */
  tableStarts: Uint32Array;
  /** Keys of the buckets that hold a row, ascending within a table. */
  bucketKeys: Uint32Array;
  /** One more than buckets: where the rows of a bucket begin in P. */
  bucketStarts: Uint32Array;
  /** P: row numbers, bucket by bucket, ascending within a bucket; each row once a table. */
  bucketRows: Uint32Array;
  /** P / 32, rounded up, × blocks × 16 bytes: the codes of 32 places, block by block (see `nibbleOf`). */
  codes: Uint8Array;
  /** P, filled up to 32s: inner product of a row with what its code stands for; infinite where there is no row. */
  biases: Float32Array;
}

/** What a vector's bucket depends on. */
export type HashFunctions = Pick<LshIndex, 'parameters' | 'keySteps'>;

/**
 * Key of the bucket of a table that holds a vector: E2LSH's weighted sum of the hash values, modulo 2^32. Two
 * buckets of one key cost candidates, never a neighbour.
 *
 * @param shifted H: the vector's projections with the shifts added. Divided by the bucket's length, their floors are
 * Spark's hash values.
 */
export function bucketKeyOf(functions: HashFunctions, table: number, shifted: Float32Array): number {
  const { numHashes, bucketLength } = functions.parameters;
  let key = 0;
  for (let hash = table * numHashes; hash < (table + 1) * numHashes; hash++) {
    key += Math.imul(Math.floor(shifted[hash] / bucketLength), functions.keySteps[hash]);
  }
  return key >>> 0;
}
