import { z } from 'zod';
import { searchText } from '../dataset/search-fields.ts';
import { SoundalikeError } from '../errors.ts';
import type { TrackFilter } from '../search/meeting-rows.ts';
import { joinRowSets, type RowSet } from '../search/row-set.ts';
import type { SearchPool } from '../search/search-pool.ts';
import type { SegmentList } from '../search/segment-list.ts';
import type { TrackTable } from '../search/segment-tracks.ts';

/** E.g. `90-120`. */
export const rangeSchema = z
  .string()
  .regex(/^\d+(\.\d+)?-\d+(\.\d+)?$/, { error: 'must be two numbers, such as 90-120' })
  .transform((text) => text.split('-').map(Number) as [least: number, most: number])
  .refine(([least, most]) => least <= most, { error: 'must go from the smaller to the larger number' });

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
  rowsOf(filter: TrackFilter): Promise<RowSet | undefined>;
  /** The genres, those with most tracks first. */
  genres(): Promise<GenreCount[]>;
}

/**
 * @param segments Those of the list, in its order.
 * @param pool Looks at the rows.
 */
export function trackFilters(
  segments: readonly { segment: { tracks: Pick<TrackTable, 'columns'> }; rows: { live: RowSet } | null }[],
  list: Pick<SegmentList, 'end' | 'rowAt'>,
  pool: SearchPool,
): TrackFilters {
  const kept = new Map<string, Promise<RowSet>>();
  let counts: Promise<GenreCount[]> | undefined;

  async function countAll(): Promise<GenreCount[]> {
    const counted = segments.map(({ segment: { tracks }, rows }) =>
      pool.run('countGenres', tracks.columns, rows?.live),
    );
    const sums = new Map<string, number>();
    for (const part of await Promise.all(counted)) {
      for (const [genre, tracks] of part) sums.set(genre, (sums.get(genre) ?? 0) + tracks);
    }
    return Array.from(sums, ([genre, tracks]) => ({ genre, tracks })).sort(
      (a, b) => b.tracks - a.tracks || (a.genre < b.genre ? -1 : 1),
    );
  }

  const genres = () => {
    counts ??= countAll();
    return counts;
  };

  async function build(filter: TrackFilter): Promise<RowSet> {
    if (filter.genre?.length) requireGenres(filter.genre, await genres());
    const parts = segments.map(({ segment: { tracks }, rows }) =>
      pool.run('meetingRows', tracks.columns, filter, rows?.live),
    );
    const found = await Promise.all(parts);
    return joinRowSets(
      list.end,
      found.map((set, place) => ({ set, first: list.rowAt(place, 0) })),
    );
  }

  return {
    genres,
    async rowsOf({ genre, tempo, seconds, excludeArtists }) {
      if (!genre?.length && !tempo && !seconds && !excludeArtists?.length) return undefined;
      const filter = { genre: genre?.toSorted(), tempo, seconds, excludeArtists: excludeArtists?.toSorted() };
      const key = JSON.stringify(filter);
      const found = kept.get(key) ?? build(filter);
      // A Map keeps the order of insertion: the first is the one that was not asked for the longest.
      kept.delete(key);
      kept.set(key, found);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
      // A failure is not kept: the next call tries again.
      found.catch(() => kept.delete(key));
      return found;
    },
  };
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
