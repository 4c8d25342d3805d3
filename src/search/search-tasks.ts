import { loadArrays } from '../wasm/file-blocks.ts';
import { type DuplicateRows, groupPairs } from './duplicate-rows.ts';
import { exactNearestNeighbors } from './exact.ts';
import { countGenres, meetingRows } from './meeting-rows.ts';
import type { Neighbours } from './nearest.ts';
import { rowsOfPaths } from './path-rows.ts';
import type { RowChoice } from './row-set.ts';
import { type SearchedSegment, searchSegment } from './search.ts';
import { approxSimilarityJoin } from './similarity-join.ts';
import { smoothestPath } from './smoothest-path.ts';
import { rowSetWithWords, rowsWithWords } from './text-rows.ts';
import { timedAnswers } from './timed-answers.ts';
import { orderTracks } from './track-order.ts';

/** What takes long enough to be done by a thread of its own. */
export const searchTasks = {
  loadArrays,
  searchSegment,
  /** As `exactNearestNeighbors`. */
  nearestRows: (
    { vectors }: { vectors: Float32Array },
    query: Float32Array,
    { k, ...choice }: RowChoice & { k: number },
  ): Neighbours => exactNearestNeighbors(vectors, query, k, choice),
  /** As the function, which has all it needs in its parameters. */
  smoothestPath: (_: object, ...parameters: Parameters<typeof smoothestPath>) => smoothestPath(...parameters),
  rowsWithWords,
  rowSetWithWords,
  orderTracks,
  rowsOfPaths,
  meetingRows,
  countGenres,
  timedAnswers,
  /** As `groupPairs`, of the pairs nearer than `below`. @throws SoundalikeError USAGE where it is not 0 or more. */
  duplicates: ({ lsh, header }: SearchedSegment, below: number): DuplicateRows[] =>
    groupPairs(approxSimilarityJoin(lsh, below), header.rows),
};
