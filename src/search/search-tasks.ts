import { type DuplicateRows, groupPairs } from './duplicate-rows.ts';
import { rowsOfPaths } from './path-rows.ts';
import { type SearchedSegment, searchSegment } from './search.ts';
import { readSegmentFiles } from './segment-files.ts';
import { approxSimilarityJoin } from './similarity-join.ts';
import { rowsWithWords } from './text-rows.ts';
import { timedAnswers } from './timed-answers.ts';

/** What takes long enough to be done by a thread of its own. */
export const searchTasks = {
  readSegmentFiles,
  searchSegment,
  rowsWithWords,
  rowsOfPaths,
  timedAnswers,
  /** As `groupPairs`, of the pairs nearer than `below`. @throws SoundalikeError USAGE where it is not 0 or more. */
  duplicates: ({ lsh, header }: SearchedSegment, below: number): DuplicateRows[] =>
    groupPairs(approxSimilarityJoin(lsh, below), header.rows),
};
