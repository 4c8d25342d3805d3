import { squaredDistance } from './distance.ts';
import type { LshIndex } from './lsh-index.ts';
import { visitBuckets } from './lsh-probes.ts';
import { RowFilter } from './row-filter.ts';
import type { Segment } from './segment.ts';
import type { SegmentList } from './segment-list.ts';
import { approxSimilarityJoin, type SimilarPair } from './similarity-join.ts';

/**
 * The pairs of live rows nearer than a threshold that share a bucket: of one segment as `approxSimilarityJoin` finds
 * them, of two by the buckets of the first. Equal rows always do.
 *
 * @param segments Those of the list.
 * @returns Pairs of places in `list.inOrder()`, in no order.
 * @throws SoundalikeError USAGE where the threshold is not 0 or more.
 */
export function* similarityJoinOfList(
  segments: readonly { segment: Segment }[],
  list: SegmentList,
  threshold: number,
): Generator<SimilarPair> {
  const placeInOrder = new Uint32Array(list.end);
  list.inOrder().forEach((row, place) => {
    placeInOrder[row] = place;
  });
  const pairOf = (a: number, b: number, distance: number): SimilarPair => {
    const [row, other] = [placeInOrder[a], placeInOrder[b]].sort((one, two) => one - two);
    return { row, other, distance };
  };
  for (const [place, { segment }] of segments.entries()) {
    for (const { row, other, distance } of approxSimilarityJoin(segment.lsh, threshold)) {
      const [a, b] = [list.rowAt(place, row), list.rowAt(place, other)];
      if (list.isLive(a) && list.isLive(b)) yield pairOf(a, b, distance);
    }
    for (const b of list.inOrder()) {
      if (list.placeOf(b).place <= place) continue;
      for (const { row, distance } of rowsWithin(segment.lsh, list.vector(b), threshold)) {
        const a = list.rowAt(place, row);
        if (list.isLive(a)) yield pairOf(a, b, distance);
      }
    }
  }
}

/** The rows nearer to a vector than a threshold that share a bucket of a table with it. */
function rowsWithin(
  index: LshIndex,
  query: Float32Array,
  threshold: number,
): { row: number; distance: number }[] {
  const { vectors, dimension, bucketRows, parameters } = index;
  const candidates = new Set<number>();
  // The query's own buckets come first, one a table.
  let tables = parameters.numHashTables;
  visitBuckets(index, query, (start, end) => {
    for (let i = start; i < end; i++) candidates.add(bucketRows[i]);
    return --tables > 0;
  });
  const filter = new RowFilter(vectors, dimension);
  const found: { row: number; distance: number }[] = [];
  const rows = [...candidates];
  for (let from = 0; from < rows.length; from += filter.capacity) {
    const block = rows.slice(from, from + filter.capacity);
    filter.rows.set(block);
    filter.loadRows(block.length);
    for (const row of filter.within(query, threshold * threshold)) {
      const distance = Math.sqrt(squaredDistance(vectors, row * dimension, query));
      if (distance < threshold) found.push({ row, distance });
    }
  }
  return found;
}
