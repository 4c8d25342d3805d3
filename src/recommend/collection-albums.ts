import { setImmediate as laterOn } from 'node:timers/promises';
import type { Segment } from '../search/segment.ts';
import type { SegmentList } from '../search/segment-list.ts';

/** Tracks read at a stretch, before others have their turn on the thread: some 10 ms. */
const STRETCH = 2048;

/** The tracks of one album of one artist. */
export interface CollectionAlbum {
  /** Null where the tracks name none. */
  artist: string | null;
  album: string | null;
  /** Of its first track. */
  genre: string | null;
  seconds: number;
  /** Ids, in the order of paths, which hold the track numbers more often than not. */
  tracks: string[];
}

/**
 * All albums, in no order that means anything.
 *
 * @param segments Those of the list, in its order.
 */
export async function collectionAlbums(
  segments: readonly { segment: Pick<Segment, 'tracks'> }[],
  list: Pick<SegmentList, 'inOrder' | 'placeOf'>,
): Promise<CollectionAlbum[]> {
  const albums = new Map<string, CollectionAlbum & { paths: string[] }>();
  for (const [place, numbered] of list.inOrder().entries()) {
    if (place % STRETCH === STRETCH - 1) await laterOn();
    const { place: segment, row } = list.placeOf(numbered);
    const { artistOf, genreOf, columns, text } = segments[segment]!.segment.tracks;
    const artist = artistOf(row);
    const album = text('album', row);
    const key = `${artist ?? ''}\0${album ?? ''}`;
    let found = albums.get(key);
    if (!found) {
      found = { artist, album, genre: genreOf(row), seconds: 0, tracks: [], paths: [] };
      albums.set(key, found);
    }
    found.seconds += columns.seconds[row]!;
    found.tracks.push(text('id', row)!);
    found.paths.push(text('path', row)!);
  }
  const all: CollectionAlbum[] = [];
  for (const { paths, tracks, ...album } of albums.values()) {
    if (all.length % STRETCH === STRETCH - 1) await laterOn();
    const order = [...tracks.keys()].sort((a, b) => (paths[a]! < paths[b]! ? -1 : 1));
    all.push({ ...album, tracks: order.map((track) => tracks[track]!) });
  }
  return all;
}
