import { z } from 'zod';
import { searchText } from '../dataset/search-fields.ts';
import { SoundalikeError } from '../errors.ts';
import { type RowSet, rowSetOf } from '../search/row-set.ts';
import type { CodedTexts } from '../search/segment-arrow.ts';
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

/** The tracks of a segment by what filters ask for. */
export interface TrackFilters {
  /**
   * The rows that meet a filter; undefined where it asks for nothing.
   *
   * @throws SoundalikeError GENRE_UNKNOWN
   */
  rowsOf(filter: TrackFilter): RowSet | undefined;
  /** The genres, those with most tracks first. */
  genres(): GenreCount[];
}

/** @param rows Of the table. */
export function trackFilters(tracks: TrackTable, rows: number): TrackFilters {
  const kept = new Map<string, RowSet>();
  let counts: GenreCount[] | undefined;

  const genres = () => {
    counts ??= countGenres(tracks.genres, rows);
    return counts;
  };

  function build({ genre, tempo, seconds, excludeArtists = [] }: TrackFilter): RowSet {
    const wanted = genre && genreCodes(genre, tracks.genres.names, genres());
    const excluded = codesOf(excludeArtists, tracks.artists.names);
    return rowSetOf(
      rows,
      (row) =>
        (!wanted || wanted.has(tracks.genres.codeOf(row))) &&
        (!tempo || isWithin(tracks.tempos[row]!, tempo)) &&
        (!seconds || isWithin(tracks.seconds[row]!, seconds)) &&
        (excluded.size === 0 || !excluded.has(tracks.artists.codeOf(row))),
    );
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

/** The numbers of texts, as far as they are there. */
function codesOf(texts: readonly string[], names: readonly string[]): Set<number> {
  const wanted = new Set(texts);
  return new Set(wanted.size === 0 ? [] : [...names.keys()].filter((code) => wanted.has(names[code]!)));
}

function genreCodes(asked: readonly string[], names: readonly string[], known: GenreCount[]): Set<number> {
  const texts = names.map(searchText);
  return new Set(
    asked.flatMap((genre) => {
      const text = searchText(genre);
      const codes = [...names.keys()].filter((code) => texts[code] === text);
      if (codes.length > 0) return codes;
      const listed = known.slice(0, NAMED).map((one) => one.genre);
      const others = known.length > NAMED ? ` and ${known.length - NAMED} others` : '';
      throw new SoundalikeError(
        'GENRE_UNKNOWN',
        listed.length > 0
          ? `no track has the genre ${JSON.stringify(genre)}; there are ${listed.join(', ')}${others}`
          : `no track has the genre ${JSON.stringify(genre)}, nor any other: search without one`,
      );
    }),
  );
}

function countGenres({ names, codeOf }: CodedTexts, rows: number): GenreCount[] {
  const counts = new Uint32Array(names.length);
  for (let row = 0; row < rows; row++) {
    const code = codeOf(row);
    if (code >= 0) counts[code]!++;
  }
  return names
    .map((genre, code) => ({ genre, tracks: counts[code]! }))
    .sort((a, b) => b.tracks - a.tracks || (a.genre < b.genre ? -1 : 1));
}
