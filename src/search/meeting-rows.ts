import { searchText } from '../dataset/search-fields.ts';
import { loadArrays } from '../wasm/file-blocks.ts';
import { hasRow, type RowSet, rowSetOf } from './row-set.ts';
import { type CodedColumn, codeOf, namesOf } from './segment-arrow.ts';

/** Which tracks may be found: those that meet all of it. */
export interface TrackFilter {
  /** One of these, in upper or lower case. */
  genre?: string[] | undefined;
  /** Beats a minute, both ends included; a track without a tempo is not meant. */
  tempo?: Range | undefined;
  /** Length, both ends included. */
  seconds?: Range | undefined;
  /** None of these, by their exact names. */
  excludeArtists?: string[] | undefined;
}

type Range = [least: number, most: number];

/** Of a segment's tracks what filters ask for: plain arrays, which threads can share. */
export interface FilterColumns {
  genres: CodedColumn;
  artists: CodedColumn;
  seconds: Float64Array;
  /** NaN where there is none. */
  tempos: Float32Array;
}

/** The rows that meet a filter. @param live None but these. */
export function meetingRows(columns: FilterColumns, filter: TrackFilter, live?: RowSet): RowSet {
  const { genres, artists, tempos, seconds: lengths } = columns;
  const { genre, tempo, seconds, excludeArtists } = filter;
  [columns, genres, artists].forEach(loadArrays);
  const texts = new Set(genre?.map(searchText));
  const wanted = codesOf(genres, texts.size > 0, (name) => texts.has(searchText(name)));
  const names = new Set(excludeArtists);
  const excluded = codesOf(artists, names.size > 0, (name) => names.has(name));
  return rowSetOf(
    lengths.length,
    (row) =>
      (!live || hasRow(live, row)) &&
      (texts.size === 0 || wanted.has(codeOf(genres, row))) &&
      (!tempo || isWithin(tempos[row]!, tempo)) &&
      (!seconds || isWithin(lengths[row]!, seconds)) &&
      (excluded.size === 0 || !excluded.has(codeOf(artists, row))),
  );
}

/** How many rows have each genre. @param live None but these. */
export function countGenres({ genres }: FilterColumns, live?: RowSet): Map<string, number> {
  loadArrays(genres);
  const names = namesOf(genres);
  const counts = new Uint32Array(names.length);
  for (let row = 0; row < genres.codes.length; row++) {
    const code = codeOf(genres, row);
    if (code >= 0 && (!live || hasRow(live, row))) counts[code]!++;
  }
  return new Map(names.map((name, code) => [name, counts[code]!] as const).filter(([, count]) => count > 0));
}

const isWithin = (value: number, [least, most]: Range) => value >= least && value <= most;

/** The numbers of texts that are meant. */
function codesOf(column: CodedColumn, asked: boolean, isMeant: (name: string) => boolean): Set<number> {
  const codes = new Set<number>();
  if (!asked) return codes;
  namesOf(column).forEach((name, code) => {
    if (isMeant(name)) codes.add(code);
  });
  return codes;
}
