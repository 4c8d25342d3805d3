import { setImmediate as laterOn } from 'node:timers/promises';
import type { Segment } from '../search/segment.ts';
import type { SegmentList } from '../search/segment-list.ts';
import type { GenreCount } from './track-filter.ts';

/** Tracks read at a stretch, before others have their turn on the thread: some 10 ms. */
const STRETCH = 2048;

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
  segments: readonly { segment: Pick<Segment, 'map'> }[],
  list: Pick<SegmentList, 'inOrder' | 'placeOf' | 'track'>,
  genres: GenreCount[],
): Promise<CollectionMap> {
  const rows = list.inOrder();
  const codes = new Map(genres.slice(0, NO_GENRE).map(({ genre }, code) => [genre, code]));
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
    const { id, cluster, genre } = list.track(row);
    const { place, row: own } = list.placeOf(row);
    const { x, y } = segments[place]!.segment.map;
    map.ids.push(id);
    map.x[point] = x[own]!;
    map.y[point] = y[own]!;
    map.cluster[point] = cluster;
    map.genre[point] = (genre !== null ? codes.get(genre) : undefined) ?? NO_GENRE;
  }
  return map;
}
