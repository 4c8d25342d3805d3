import { SoundalikeError } from '../errors.ts';
import { load } from '../wasm/file-blocks.ts';
import { squaredDistance } from './distance.ts';
import { requireFinite } from './finite-rows.ts';
import type { LshIndex } from './lsh-index.ts';
import { NO_MORE } from './lsh-probes.ts';
import { LshScanner } from './lsh-scan.ts';
import { RowFilter } from './row-filter.ts';

/** Two rows, of one matrix or of two. */
export interface SimilarPair {
  row: number;
  /** Greater than `row` where both are of one matrix. */
  other: number;
  /** Euclidean. */
  distance: number;
}

/** Rounding may put a row this much farther from a wall, of the distance that the threshold allows. */
const SLACK = 1 + 1e-4;

/**
 * The pairs of rows nearer than a threshold: Spark's approxSimilarityJoin of a dataset with itself, but each pair
 * once, in the order of `row` and then `other`, and no row with itself. Spark compares rows that share a bucket. This
 * one also looks into the buckets next to a row's own that lie no farther than the threshold. A table's directions are
 * at right angles, so the walls between a pair are never farther than the pair is apart: while the threshold is no
 * more than the bucket's length, no pair is missed. (Where there are more hashes than components to turn, directions
 * cannot be all at right angles, and some may be.)
 *
 * Pairs come one by one: memory is 4 bytes a row, whatever the number of pairs.
 *
 * @param threshold Euclidean, 0 or more; a pair at just this distance is not meant.
 * @throws SoundalikeError USAGE where the threshold is not of this form.
 */
export function* approxSimilarityJoin(index: LshIndex, threshold: number): Generator<SimilarPair> {
  const rows = index.vectors.length / index.dimension;
  const rowsNear = nearRows(index, threshold);
  for (let row = 0; row < rows; row++) {
    const query = index.vectors.subarray(row * index.dimension, (row + 1) * index.dimension);
    for (const pair of rowsNear(query, row)) yield { row, ...pair };
  }
}

/**
 * The pairs of a row of one set and a row of another that are nearer than a threshold: Spark's approxSimilarityJoin of
 * two datasets, in the order of `row` and then `other`. What it finds, and what memory it takes, is as with
 * `approxSimilarityJoin`; but a set and its own index give each row with itself, and each pair both ways, as Spark does.
 *
 * @param vectors Float32Array, rows × the index's dimension, row-major, scaled as the index's rows are: the rows that
 * `row` counts. Those of the index are `other`.
 * @param threshold As for `approxSimilarityJoin`.
 * @throws SoundalikeError USAGE where the vectors or the threshold are not of this form.
 */
export function* approxSimilarityJoinOfTwo(
  vectors: Float32Array,
  index: LshIndex,
  threshold: number,
): Generator<SimilarPair> {
  const { dimension } = index;
  if (vectors.length % dimension !== 0) {
    throw new SoundalikeError('USAGE', `the vectors must be of ${dimension} values each, as the index's are`);
  }
  load(vectors);
  requireFinite(vectors, dimension, 'the vectors');
  const rowsNear = nearRows(index, threshold);
  for (let row = 0; row < vectors.length / dimension; row++) {
    const query = vectors.subarray(row * dimension, (row + 1) * dimension);
    for (const pair of rowsNear(query, -1)) yield { row, ...pair };
  }
}

/**
 * What gives the rows nearer to a vector than a threshold, as `approxSimilarityJoin` finds them: those after a row, in
 * their order.
 *
 * @throws SoundalikeError USAGE where the threshold is not 0 or more.
 */
export function nearRows(
  index: LshIndex,
  threshold: number,
): (query: Float32Array, after: number) => Omit<SimilarPair, 'row'>[] {
  if (!(threshold >= 0)) {
    throw new SoundalikeError('USAGE', `the threshold must be a distance of 0 or more, not ${threshold}`);
  }
  const { vectors, dimension } = index;
  const scanner = new LshScanner(index);
  const farthest = ((threshold * SLACK) / index.parameters.bucketLength) ** 2;
  load(vectors);
  const filter = new RowFilter(vectors, dimension);
  const seenFor = new Uint32Array(vectors.length / dimension);
  let asked = 0;
  return (query, after) => {
    asked++;
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
    scanner.begin(query);
    for (let bucket = scanner.probes.next(); bucket !== NO_MORE; bucket = scanner.probes.next()) {
      if (scanner.probes.score > farthest) break;
      if (bucket < 0) continue;
      // Rows ascend within a bucket: from its end, those that come after the one given.
      for (let i = index.bucketStarts[bucket + 1] - 1; i >= index.bucketStarts[bucket]; i--) {
        const other = index.bucketRows[i];
        if (other <= after) break;
        if (seenFor[other] === asked) continue;
        seenFor[other] = asked;
        filter.rows[waiting++] = other;
        if (waiting === filter.capacity) compare();
      }
    }
    compare();
    return others.sort((a, b) => a.other - b.other);
  };
}
