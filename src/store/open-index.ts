import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, SoundalikeError } from '../errors.ts';
import { openSegmentAside } from '../search/open-segment-aside.ts';
import type { SearchPool } from '../search/search-pool.ts';
import { openSegment, type Segment } from '../search/segment.ts';
import type { SegmentHeader } from '../search/segment-header.ts';
import { listSegments, type SegmentList } from '../search/segment-list.ts';
import { decodeSegmentRows, type SegmentRows } from '../search/segment-rows.ts';
import { sha256 } from '../sha256.ts';
import { type CurrentIndex, type IndexSource, readCurrent } from './index-folder.ts';
import { indexPaths, segmentRowsFile } from './paths.ts';

/** A segment of the live index, in memory. */
export interface OpenSegment {
  segment: Segment;
  /** Absolute path of its folder. */
  folder: string;
  sources: IndexSource[];
  /** Null where all rows are live and those of the only source's index. */
  rows: SegmentRows | null;
}

/** The live index, in memory. */
export interface OpenIndex {
  index: string;
  segments: OpenSegment[];
  list: SegmentList;
  /** What all segments agree on: features, layout and scaling. */
  header: SegmentHeader;
  /** The row of an id, FMA's also without its leading zeros; undefined where no track has it. */
  rowOf(id: string): number | undefined;
  /** The run that a row comes from, and its row in that run's index. */
  originOf(row: number): IndexSource & { row: number };
}

/**
 * Opens the live index.
 *
 * @param pool Opens the segments for search (`openSegmentAside`); by default all of them is read.
 * @throws SoundalikeError INDEX_NOT_FOUND, INDEX_DAMAGED, INDEX_VERSION
 */
export async function openIndex(dataDir: string, pool?: SearchPool): Promise<OpenIndex> {
  const current = await readCurrent(dataDir);
  const { index, folder } = current;
  const segments: OpenSegment[] = [];
  for (const entry of current.segments) {
    const path = join(indexPaths(folder).segments, entry.id);
    const segment = pool ? await openSegmentAside(path, pool) : openSegment(path);
    const rows = await readRows(current, entry, segment.header.rows);
    segments.push({ segment, folder: path, sources: entry.sources, rows });
  }
  const { header } = segments[0].segment;
  for (const { segment } of segments) {
    const { layout, scaling, aspects, featureVersion } = segment.header;
    if (
      isDeepStrictEqual(
        [layout, scaling, aspects, featureVersion],
        [header.layout, header.scaling, header.aspects, header.featureVersion],
      )
    ) {
      continue;
    }
    throw new SoundalikeError(
      'INDEX_DAMAGED',
      `segments ${segments[0].segment.id} and ${segment.id} of index ${index} scale differently: run the collection again`,
    );
  }
  const list = listSegments(
    segments.map(({ segment, rows }) => ({ segment, ...(rows && { live: rows.live }) })),
  );
  return {
    index,
    segments,
    list,
    header,
    rowOf: (id) => list.rowOf(id) ?? (/^\d{1,5}$/.test(id) ? list.rowOf(id.padStart(6, '0')) : undefined),
    originOf(row) {
      const { place, row: own } = list.placeOf(row);
      const { sources, rows } = segments[place];
      return rows ? { ...sources[rows.run[own]], row: rows.row[own] } : { ...sources[0], row: own };
    },
  };
}

async function readRows(
  { folder, index }: CurrentIndex,
  { id, rows, sources }: CurrentIndex['segments'][number],
  count: number,
): Promise<SegmentRows | null> {
  if (!rows) return null;
  try {
    const bytes = await readFile(segmentRowsFile(folder, id));
    if (bytes.length !== rows.bytes) throw new Error(`${bytes.length} bytes in place of ${rows.bytes}`);
    if (sha256(bytes) !== rows.sha256) throw new Error('its sha256 is another');
    return decodeSegmentRows(bytes, count, sources.length);
  } catch (error) {
    throw new SoundalikeError(
      'INDEX_DAMAGED',
      `rows/${id}.arrow of index ${index} is damaged (${messageOf(error)}): run the collection again`,
      { cause: error },
    );
  }
}
