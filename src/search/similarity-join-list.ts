import type { Segment } from './segment.ts';
import type { SegmentList } from './segment-list.ts';
import {
  approxSimilarityJoin,
  approxSimilarityJoinOfTwo,
  nearRows,
  type SimilarPair,
} from './similarity-join.ts';

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
  const placeInOrder = placesInOrder(list);
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

/**
 * The pairs of a vector and a live row nearer than a threshold, as `approxSimilarityJoinOfTwo` finds them.
 *
 * @param vectors Float32Array, rows × the segments' dimension, row-major, scaled as the segments are.
 * @param segments Those of the list.
 * @returns In the order of `row`, that of the vector, and then of `other`, a place in `list.inOrder()`.
 * @throws SoundalikeError USAGE where the vectors or the threshold are not of this form.
 */
export function similarityJoinWithList(
  vectors: Float32Array,
  segments: readonly { segment: Segment }[],
  list: SegmentList,
  threshold: number,
): SimilarPair[] {
  const placeInOrder = placesInOrder(list);
  const pairs: SimilarPair[] = [];
  for (const [place, { segment }] of segments.entries()) {
    for (const { row, other, distance } of approxSimilarityJoinOfTwo(vectors, segment.lsh, threshold)) {
      const listed = list.rowAt(place, other);
      if (list.isLive(listed)) pairs.push({ row, other: placeInOrder[listed], distance });
    }
  }
  return pairs.sort((a, b) => a.row - b.row || a.other - b.other);
}

/** By row of the list, its place in `list.inOrder()`. */
function placesInOrder(list: SegmentList): Uint32Array {
  const places = new Uint32Array(list.end);
  list.inOrder().forEach((row, place) => {
    places[row] = place;
  });
  return places;
}
