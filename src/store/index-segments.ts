import { hasRow, rowSetOf } from '../search/row-set.ts';
import type { EncodedSegment } from '../search/segment.ts';
import { encodeSegmentRows, type SegmentRows } from '../search/segment-rows.ts';
import type { OpenIndex, OpenSegment } from './open-index.ts';
import type { SegmentToPublish } from './publish-index.ts';

/** A run, and a row of the index that was made of it. */
interface Origin {
  run: string;
  row: number;
}

/**
 * The segments of an index for one that is made of it: their files are shared. A segment without a live row is left
 * out.
 *
 * @param isDeleted Which of the live rows of the index are deleted now.
 */
export function keptSegments(
  { segments, list }: OpenIndex,
  isDeleted: (row: number) => boolean,
): SegmentToPublish[] {
  const deleted = segments.map(() => new Set<number>());
  for (const row of list.inOrder()) {
    if (!isDeleted(row)) continue;
    const { place, row: own } = list.placeOf(row);
    deleted[place].add(own);
  }
  return segments.flatMap((open, place) => {
    const rows = rowsWithout(open, deleted[place]);
    return rows && rows.live.count === 0 ? [] : [sharedSegment({ ...open, rows })];
  });
}

/** @param changed The id and the files that are others, where it is a segment with the other files of the one open. */
export function sharedSegment(
  { segment, sources, folder, rows }: OpenSegment,
  changed: Pick<SegmentToPublish, 'id' | 'files'> = { id: segment.id, files: [] },
): SegmentToPublish {
  return {
    ...changed,
    runs: sources.map(({ run }) => run),
    rows: rows && encodeSegmentRows(rows),
    sharedWith: folder,
  };
}

function rowsWithout({ segment, rows }: OpenSegment, deleted: ReadonlySet<number>): SegmentRows | null {
  if (deleted.size === 0) return rows;
  const count = segment.header.rows;
  return {
    live: rowSetOf(count, (row) => !deleted.has(row) && (!rows || hasRow(rows.live, row))),
    run: rows?.run ?? new Uint32Array(count),
    row: rows?.row ?? Uint32Array.from({ length: count }, (_, row) => row),
  };
}

/**
 * A new segment for an index.
 *
 * @param origins Of its rows.
 * @param runRows Rows that the index of the first row's run has: a segment of just these names no rows.
 */
export function newSegment(
  { id, files }: EncodedSegment,
  origins: readonly Origin[],
  runRows: number,
): SegmentToPublish {
  const runs = [...new Set(origins.map(({ run }) => run))].sort();
  const isWhole = runs.length === 1 && origins.length === runRows && origins.every(({ row }, i) => row === i);
  const places = new Map(runs.map((run, place) => [run, place]));
  const rows = {
    live: rowSetOf(origins.length, () => true),
    run: Uint32Array.from(origins, ({ run }) => places.get(run)!),
    row: Uint32Array.from(origins, ({ row }) => row),
  };
  return { id, runs, rows: isWhole ? null : encodeSegmentRows(rows), files };
}
