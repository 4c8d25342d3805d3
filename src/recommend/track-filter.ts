import { z } from 'zod';
import { searchText } from '../dataset/search-fields.ts';
import { SoundalikeError } from '../errors.ts';
import { type RowSet, rowSetOf } from '../search/row-set.ts';
import type { Segment } from '../search/segment.ts';
import type { SegmentList } from '../search/segment-list.ts';
import type { TrackTable } from '../search/segment-tracks.ts';

/** E.g. `90-120`. */
export const rangeSchema = z
  .string()
  .regex(/^\d+(\.\d+)?-\d+(\.\d+)?$/, { error: 'must be two numbers, such as 90-120' })
  .transform((text) => text.split('-').map(Number) as [least: number, most: number])
  .refine(([least, most]) => least <= most, { error: 'must go from the smaller to the larger number' });

type Range = z.output<typeof rangeSchema>;

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

export interface GenreCount {
  genre: string;
  tracks: number;
}

/** Filters whose rows are kept, those last asked for: 125 KB each with a million tracks. */
const KEPT = 16;

/** Genres that a message names. */
const NAMED = 20;

/** The tracks of an index by what filters ask for. */
export interface TrackFilters {
  /**
   * The rows, as the list numbers them, that meet a filter and are not deleted; undefined where it asks for nothing.
   *
   * @throws SoundalikeError GENRE_UNKNOWN
   */
  rowsOf(filter: TrackFilter): RowSet | undefined;
  /** The genres, those with most tracks first. */
  genres(): GenreCount[];
}

/** @param segments Those of the list, in its order. */
export function trackFilters(
  segments: readonly { segment: Pick<Segment, 'tracks'> }[],
  list: Pick<SegmentList, 'end' | 'isLive' | 'placeOf'>,
): TrackFilters {
  const kept = new Map<string, RowSet>();
  let counts: GenreCount[] | undefined;

  const genres = () => {
    counts ??= countGenres(segments, list);
    return counts;
  };

  function build(filter: TrackFilter): RowSet {
    requireGenres(filter.genre ?? [], genres());
    const accepted = segments.map(({ segment }) => acceptedRows(segment.tracks, filter));
    return rowSetOf(list.end, (numbered) => {
      const { place, row } = list.placeOf(numbered);
      return accepted[place]![row] === 1 && list.isLive(numbered);
    });
  }

  return {
    genres,
    rowsOf({ genre, tempo, seconds, excludeArtists }) {
      if (!genre?.length && !tempo && !seconds && !excludeArtists?.length) return undefined;
      const filter = { genre: genre?.toSorted(), tempo, seconds, excludeArtists: excludeArtists?.toSorted() };
      const key = JSON.stringify(filter);
      const found = kept.get(key) ?? build(filter);
      // A Map keeps the order of insertion: the first is the one that was not asked for the longest.
      kept.delete(key);
      kept.set(key, found);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
      return found;
    },
  };
}

const isWithin = (value: number, [least, most]: Range) => value >= least && value <= most;

/** Which rows of a segment meet a filter: 1 for those that do. */
function acceptedRows(
  { genres, artists, tempos, seconds: lengths }: TrackTable,
  { genre = [], tempo, seconds, excludeArtists = [] }: TrackFilter,
): Uint8Array {
  const accepted = new Uint8Array(lengths.length).fill(1);
  /** One criterion after the other: each is a plain loop over its column. */
  const require = (meets: (row: number) => boolean) => {
    for (let row = 0; row < accepted.length; row++) if (!meets(row)) accepted[row] = 0;
  };
  if (genre.length > 0) {
    const texts = new Set(genre.map(searchText));
    const isWanted = genres.names.map((name) => texts.has(searchText(name)));
    require((row) => isWanted[genres.codeOf(row)] === true);
  }
  if (tempo) require((row) => isWithin(tempos[row]!, tempo));
  if (seconds) require((row) => isWithin(lengths[row]!, seconds));
  if (excludeArtists.length > 0) {
    const names = new Set(excludeArtists);
    const isExcluded = artists.names.map((name) => names.has(name));
    require((row) => isExcluded[artists.codeOf(row)] !== true);
  }
  return accepted;
}

/** @throws SoundalikeError GENRE_UNKNOWN */
function requireGenres(asked: readonly string[], known: GenreCount[]): void {
  const texts = new Set(known.map(({ genre }) => searchText(genre)));
  const unknown = asked.find((genre) => !texts.has(searchText(genre)));
  if (unknown === undefined) return;
  const listed = known.slice(0, NAMED).map(({ genre }) => genre);
  const others = known.length > NAMED ? ` and ${known.length - NAMED} others` : '';
  throw new SoundalikeError(
    'GENRE_UNKNOWN',
    listed.length > 0
      ? `no track has the genre ${JSON.stringify(unknown)}; there are ${listed.join(', ')}${others}`
      : `no track has the genre ${JSON.stringify(unknown)}, nor any other: search without one`,
  );
}

function countGenres(
  segments: readonly { segment: Pick<Segment, 'tracks'> }[],
  { end, isLive, placeOf }: Pick<SegmentList, 'end' | 'isLive' | 'placeOf'>,
): GenreCount[] {
  const counts = new Map<string, number>();
  for (let numbered = 0; numbered < end; numbered++) {
    if (!isLive(numbered)) continue;
    const { place, row } = placeOf(numbered);
    const { names, codeOf } = segments[place]!.segment.tracks.genres;
    const genre = names[codeOf(row)];
    if (genre !== undefined) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  }
  return Array.from(counts, ([genre, tracks]) => ({ genre, tracks })).sort(
    (a, b) => b.tracks - a.tracks || (a.genre < b.genre ? -1 : 1),
  );
}
