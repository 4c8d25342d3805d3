import type { Segment } from './segment.ts';
import type { SegmentList } from './segment-list.ts';
import { approxSimilarityJoin, nearRows, type SimilarPair } from './similarity-join.ts';

/**
 * The pairs of live rows nearer than a threshold, as `approxSimilarityJoin` finds them: those of two segments by the
 * buckets of the first.
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
    const rowsNear = nearRows(segment.lsh, threshold);
    for (const b of list.inOrder()) {
      if (list.placeOf(b).place <= place) continue;
      for (const { other, distance } of rowsNear(list.vector(b), -1)) {
        const a = list.rowAt(place, other);
        if (list.isLive(a)) yield pairOf(a, b, distance);
      }
    }
  }
}
