import { SoundalikeError } from '../errors.ts';
import { exactNearestNeighbors } from './exact.ts';
import { approxNearestNeighbors } from './lsh.ts';
import type { SearchMethod } from './method.ts';
import type { Neighbours } from './nearest.ts';
import type { RowChoice } from './row-set.ts';
import type { Segment } from './segment.ts';
import { treeNearestNeighbors } from './tree.ts';

export interface SegmentSearch extends RowChoice {
  /** Rows asked for, at least 1; fewer come back only where fewer may be found. */
  k: number;
  /** `lsh` looks at the rows of some buckets, `tree` of some leaves, `exact` at all; all distances are exact. */
  method: SearchMethod;
}

/** What is searched of a segment: plain arrays, which threads can share. */
export type SearchedSegment = Pick<Segment, 'header' | 'vectors' | 'lsh' | 'tree'>;

/**
 * The rows of a segment that are nearest to a query, of those that may be found: k wherever there are k.
 *
 * @param query Float32Array, `header.dimension` values, scaled and weighted as the rows are (`scaleVector`).
 * @throws SoundalikeError USAGE where k or the query is not of this form.
 */
export function searchSegment(
  segment: SearchedSegment,
  query: Float32Array,
  { k, method, ...choice }: SegmentSearch,
): Neighbours {
  if (!Number.isInteger(k) || k < 1) {
    throw new SoundalikeError('USAGE', `the number of neighbours must be a whole number from 1 on, not ${k}`);
  }
  if (query.length !== segment.header.dimension || !query.every(Number.isFinite)) {
    throw new SoundalikeError('USAGE', `a query must be ${segment.header.dimension} finite numbers`);
  }
  switch (method) {
    case 'exact':
      return exactNearestNeighbors(segment.vectors, query, k, choice);
    case 'lsh':
      return approxNearestNeighbors(segment.lsh, query, k, choice);
    case 'tree':
      return treeNearestNeighbors(segment.tree, query, k, choice);
  }
}
