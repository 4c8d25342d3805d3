import { setImmediate as laterOn } from 'node:timers/promises';
import type { Segment } from '../search/segment.ts';
import { codeOf, namesOf } from '../search/segment-arrow.ts';
import type { SegmentList } from '../search/segment-list.ts';
import type { GenreCount } from './track-filter.ts';

/** Tracks read at a stretch, before others have their turn on the thread: some 10 ms. */
const STRETCH = 8192;

/** Of a track without a genre. */
const NO_GENRE = 0xffff;

/** The picture of the collection: a point a track, in the order of ids. */
export interface CollectionMap {
  ids: string[];
  /** From 0 to 1. Tracks that lie together sound alike. */
  x: Float32Array;
  y: Float32Array;
  cluster: Uint16Array;
  /** The place of its genre in `genres`; `NO_GENRE` where it has none. */
  genre: Uint16Array;
  /** Those with most tracks first. */
  genres: GenreCount[];
}

/**
 * @param segments Those of the list, in its order.
 * @param genres Those with most tracks first; such as have no number below `NO_GENRE` go without.
 */
export async function collectionMap(
  segments: readonly { segment: Pick<Segment, 'map' | 'tracks'> }[],
  list: Pick<SegmentList, 'inOrder' | 'placeOf'>,
  genres: GenreCount[],
): Promise<CollectionMap> {
  const rows = list.inOrder();
  const numbers = new Map(genres.slice(0, NO_GENRE).map(({ genre }, number) => [genre, number]));
  /** The numbers of each segment's own genres. */
  const numbersOf = segments.map(({ segment }) =>
    namesOf(segment.tracks.columns.genres).map((name) => numbers.get(name) ?? NO_GENRE),
  );
  const map: CollectionMap = {
    ids: [],
    x: new Float32Array(rows.length),
    y: new Float32Array(rows.length),
    cluster: new Uint16Array(rows.length),
    genre: new Uint16Array(rows.length),
    genres,
  };
  for (const [point, row] of rows.entries()) {
    if (point % STRETCH === STRETCH - 1) await laterOn();
    const { place, row: own } = list.placeOf(row);
    const { map: layout, tracks } = segments[place]!.segment;
    map.ids.push(tracks.text('id', own)!);
    map.x[point] = layout.x[own]!;
    map.y[point] = layout.y[own]!;
    map.cluster[point] = tracks.clusters[own]!;
    map.genre[point] = numbersOf[place]![codeOf(tracks.columns.genres, own)] ?? NO_GENRE;
  }
  return map;
}
