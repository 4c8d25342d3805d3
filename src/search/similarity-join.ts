import { SoundalikeError } from '../errors.ts';
import { squaredDistance } from './distance.ts';
import type { LshIndex } from './lsh-index.ts';
import { RowFilter } from './row-filter.ts';

/** Two rows of one matrix. */
export interface SimilarPair {
  row: number;
  /** Greater than `row`. */
  other: number;
  /** Euclidean. */
  distance: number;
}

/**
 * The pairs of rows nearer than a threshold that share a bucket of a table: Spark's approxSimilarityJoin of a
 * dataset with itself, but each pair once, in the order of `row` and then `other`, and no row with itself. Pairs
 * come one by one: memory is 4 bytes a row and table, whatever the number of pairs.
 *
 * @param threshold Euclidean, 0 or more; a pair at just this distance is not meant.
 * @throws SoundalikeError USAGE where the threshold is not of this form.
 */
export function* approxSimilarityJoin(index: LshIndex, threshold: number): Generator<SimilarPair> {
  if (!(threshold >= 0)) {
    throw new SoundalikeError('USAGE', `the threshold must be a distance of 0 or more, not ${threshold}`);
  }
  const { vectors, dimension } = index;
  const rows = vectors.length / dimension;
  const buckets = bucketsOfRows(index);
  const filter = new RowFilter(vectors, dimension);
  const seenFor = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const query = vectors.subarray(row * dimension, (row + 1) * dimension);
    const others: Omit<SimilarPair, 'row'>[] = [];
    let waiting = 0;
    const compare = () => {
      if (waiting === 0) return;
      filter.loadRows(waiting);
      waiting = 0;
      for (const other of filter.within(query, threshold * threshold)) {
        const distance = Math.sqrt(squaredDistance(vectors, other * dimension, query));
        if (distance < threshold) others.push({ other, distance });
      }
    };
    for (let place = row; place < buckets.length; place += rows) {
      const start = index.bucketStarts[buckets[place]];
      // Rows ascend within a bucket: from its end, those that come after this one.
      for (let i = index.bucketStarts[buckets[place] + 1] - 1; i >= start; i--) {
        const other = index.bucketRows[i];
        if (other <= row) break;
        if (seenFor[other] === row + 1) continue;
        seenFor[other] = row + 1;
        filter.rows[waiting++] = other;
        if (waiting === filter.capacity) compare();
      }
    }
    compare();
    others.sort((a, b) => a.other - b.other);
    for (const pair of others) yield { row, ...pair };
  }
}

/** The bucket of each row in each table: Uint32Array, tables × rows. */
function bucketsOfRows({ vectors, dimension, bucketStarts, bucketRows }: LshIndex): Uint32Array {
  const rows = vectors.length / dimension;
  const buckets = new Uint32Array(bucketRows.length);
  for (let bucket = 0; bucket + 1 < bucketStarts.length; bucket++) {
    for (let i = bucketStarts[bucket]; i < bucketStarts[bucket + 1]; i++) {
      buckets[i - (i % rows) + bucketRows[i]] = bucket;
    }
  }
  return buckets;
}
