import { load } from '../wasm/file-blocks.ts';
import { squaredDistance } from './distance.ts';
import type { Neighbours } from './nearest.ts';
import { commonRows, countBits, hasRow, type RowChoice, type RowSet } from './row-set.ts';
import { type SegmentSearch, searchSegment } from './search.ts';
import type { Segment } from './segment.ts';
import type { SegmentTrack } from './segment-tracks.ts';

/** A segment of an index. */
export interface ListedSegment {
  segment: Segment;
  /** The rows that were not deleted; all where nothing is said. */
  live?: RowSet;
}

/**
 * The segments of an index as one. Rows are numbered through, each segment's from a multiple of 32 on: the bits of a
 * set of them are then whole words of each segment's own set. Numbers that no row has, and deleted rows, are passed over.
 */
export interface SegmentList {
  /** Numbers given out: every row's is below it. */
  end: number;
  /** Rows that are not deleted. */
  size: number;
  isLive(row: number): boolean;
  /** The place of a row's segment in the list, and its row there. */
  placeOf(row: number): { place: number; row: number };
  /** The other way round. */
  rowAt(place: number, row: number): number;
  track(row: number): SegmentTrack & { cluster: number };
  /** Float32Array, as `Segment.vectors` has it. */
  vector(row: number): Float32Array;
  /** The row of an id; undefined where no track has it. */
  rowOf(id: string): number | undefined;
  /** The live rows in the order of their tracks' ids. */
  inOrder(): Uint32Array;
  /** What to ask each segment for. */
  scatter(search: SegmentSearch): SegmentSearch[];
  /**
   * The nearest of all that the segments found, ties in the order of ids: the same as one segment of all rows finds.
   *
   * @param found By segment, in the order of `scatter`.
   * @param vectorOf What was searched of a row; by default its vector.
   */
  gather(
    query: Float32Array,
    k: number,
    found: readonly Neighbours[],
    vectorOf?: (row: number) => Float32Array,
  ): Neighbours;
  /** The nearest live rows. @throws SoundalikeError USAGE as `searchSegment` */
  search(query: Float32Array, search: SegmentSearch): Neighbours;
}

/** @param listed At least one; all of one dimension, and no id live in two of them. */
export function listSegments(listed: readonly ListedSegment[]): SegmentList {
  const firsts: number[] = [];
  let end = 0;
  for (const { segment } of listed) {
    firsts.push(end);
    end += 32 * Math.ceil(segment.header.rows / 32);
  }
  const rowsOf = (place: number) => listed[place].segment.header.rows;
  const isLiveIn = (place: number, row: number) => {
    const { live } = listed[place];
    return row < rowsOf(place) && (!live || hasRow(live, row));
  };
  const placeOf = (row: number) => {
    let place = firsts.length - 1;
    while (firsts[place] > row) place--;
    return { place, row: row - firsts[place] };
  };
  const at = (row: number) => {
    const found = placeOf(row);
    return { segment: listed[found.place].segment, row: found.row };
  };
  const idOf = (row: number): string => {
    const { segment, row: own } = at(row);
    return segment.tracks.text('id', own)!;
  };

  const vector = (row: number) => {
    const { segment, row: own } = at(row);
    const { dimension } = segment.header;
    const found = segment.vectors.subarray(own * dimension, (own + 1) * dimension);
    load(found);
    return found;
  };

  const scatter = ({ excludeRows = [], accept, ...search }: SegmentSearch): SegmentSearch[] =>
    listed.map(({ live }, place) => {
      const first = firsts[place];
      const own: RowChoice = {
        excludeRows: excludeRows.map((row) => row - first).filter((row) => row >= 0 && row < rowsOf(place)),
      };
      const accepted = accept && wordsBetween(accept, first, rowsOf(place));
      const chosen = accepted && live ? commonRows(accepted, live) : (accepted ?? live);
      return { ...search, ...own, ...(chosen && { accept: chosen }) };
    });

  const gather = (
    query: Float32Array,
    k: number,
    found: readonly Neighbours[],
    vectorOf = vector,
  ): Neighbours => {
    if (found.length === 1) return found[0];
    // Segments give distances as float32; two that differ only beyond it must come in the order of one segment.
    const all = found.flatMap(({ rows, distances }, place) =>
      Array.from(rows, (own, i) => {
        const row = firsts[place] + own;
        return {
          row,
          distance: distances[i],
          square: squaredDistance(vectorOf(row), 0, query),
          id: idOf(row),
        };
      }),
    );
    all.sort((a, b) => a.square - b.square || (a.id < b.id ? -1 : 1));
    const nearest = all.slice(0, k);
    return {
      rows: Uint32Array.from(nearest, ({ row }) => row),
      distances: Float32Array.from(nearest, ({ distance }) => distance),
    };
  };

  let ordered: Uint32Array | undefined;
  const orderById = (): Uint32Array => {
    const rows: number[] = [];
    for (let row = 0; row < end; row++) {
      const { place, row: own } = placeOf(row);
      if (isLiveIn(place, own)) rows.push(row);
    }
    // The rows of one segment are in the order of ids as they are.
    if (listed.length === 1) return Uint32Array.from(rows);
    const ids = new Map(rows.map((row) => [row, idOf(row)]));
    return Uint32Array.from(rows.sort((a, b) => (ids.get(a)! < ids.get(b)! ? -1 : 1)));
  };

  return {
    end,
    size: listed.reduce((sum, { live }, place) => sum + (live?.count ?? rowsOf(place)), 0),
    isLive: (row) => {
      const found = placeOf(row);
      return isLiveIn(found.place, found.row);
    },
    placeOf,
    rowAt: (place, row) => firsts[place] + row,
    track: (row) => {
      const { segment, row: own } = at(row);
      return segment.tracks.track(own);
    },
    vector,
    rowOf: (id) => {
      for (const [place, { segment }] of listed.entries()) {
        const row = segment.tracks.rowOf(id);
        if (row !== undefined && isLiveIn(place, row)) return firsts[place] + row;
      }
      return undefined;
    },
    inOrder: () => {
      ordered ??= orderById();
      return ordered;
    },
    scatter,
    gather,
    search: (query, search) => {
      const asked = scatter(search);
      const found = listed.map(({ segment }, place) => searchSegment(segment, query, asked[place]));
      return gather(query, search.k, found);
    },
  };
}

/** The rows of a set from `first`, a multiple of 32, on. */
function wordsBetween({ words }: RowSet, first: number, rows: number): RowSet {
  const own = words.subarray(first / 32, first / 32 + Math.ceil(rows / 32));
  return { words: own, count: countBits(own) };
}
