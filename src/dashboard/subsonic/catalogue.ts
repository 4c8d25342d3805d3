import { setImmediate as nextTurn } from 'node:timers/promises';
import { searchText } from '../../dataset/search-fields.ts';
import type { Collection, CollectionTrack } from '../../recommend/collection.ts';
import { sha256 } from '../../sha256.ts';

/** What tracks without a name for it are found under. */
const NO_ARTIST = '[Unknown Artist]';
const NO_ALBUM = '[Unknown Album]';

/** Tracks read between two turns of the event loop: a few milliseconds. */
const PAGE = 250;

interface Named {
  id: string;
  name: string;
  /** As `searchText` gives it: for the order and for searches. */
  searched: string;
}

export interface Album extends Named {
  artist: Artist;
  /** Of its first track. */
  genre: string | null;
  seconds: number;
  /** Ids, in the order of paths, which hold the track numbers more often than not. */
  tracks: string[];
}

export interface Artist extends Named {
  albums: Album[];
}

/** The artists and albums of a collection, each in the order of names. */
export interface Catalogue {
  artists: Artist[];
  albums: Album[];
  artist(id: string): Artist | undefined;
  album(id: string): Album | undefined;
}

const artistId = (name: string) => `ar-${sha256(name).slice(0, 16)}`;
const albumId = (artist: string, name: string) => `al-${sha256(`${artist}\0${name}`).slice(0, 16)}`;

/** The ids that a track's artist and album go by, and the names. */
export function namesOf({ artist, album }: Pick<CollectionTrack, 'artist' | 'album'>) {
  const [artistName, albumName] = [artist ?? NO_ARTIST, album ?? NO_ALBUM];
  return {
    artistName,
    albumName,
    artistId: artistId(artistName),
    albumId: albumId(artistName, albumName),
  };
}

const catalogues = new WeakMap<Collection, Promise<Catalogue>>();

/** Made at the first request of an index, in turns with other requests. */
export function catalogueOf(collection: Collection): Promise<Catalogue> {
  const made = catalogues.get(collection) ?? makeCatalogue(collection);
  catalogues.set(collection, made);
  // A failure is not kept.
  made.catch(() => catalogues.delete(collection));
  return made;
}

async function makeCatalogue(collection: Collection): Promise<Catalogue> {
  const byNames = new Map<string, Album>();
  const artists = new Map<string, Artist>();
  const paths = new Map<string, string>();
  for (let offset = 0; offset < collection.size; offset += PAGE) {
    const { tracks } = await collection.list({ offset, limit: PAGE });
    for (const track of tracks) {
      const names = `${track.artist ?? ''}\0${track.album ?? ''}`;
      const album = byNames.get(names) ?? newAlbum(track, artists);
      byNames.set(names, album);
      album.seconds += track.seconds;
      album.tracks.push(track.id);
      paths.set(track.id, track.path);
    }
    await nextTurn();
  }
  const albums = new Map(Array.from(byNames.values(), (album) => [album.id, album]));
  for (const [place, artist] of [...artists.values()].entries()) {
    artist.albums.sort(byName);
    for (const { tracks } of artist.albums) tracks.sort((a, b) => compare(paths.get(a)!, paths.get(b)!));
    if (place % PAGE === 0) await nextTurn();
  }
  const sortedArtists = [...artists.values()].sort(byName);
  await nextTurn();
  const sortedAlbums = [...albums.values()].sort(byName);
  return {
    artists: sortedArtists,
    albums: sortedAlbums,
    artist: (id) => artists.get(id),
    album: (id) => albums.get(id),
  };
}

/** The album of its first track, with its artist, who may be there already. */
function newAlbum(track: CollectionTrack, artists: Map<string, Artist>): Album {
  const { artistName, albumName, artistId, albumId } = namesOf(track);
  const artist = artists.get(artistId) ?? {
    id: artistId,
    name: artistName,
    searched: searchText(artistName),
    albums: [],
  };
  artists.set(artistId, artist);
  const { genre } = track;
  const names = { id: albumId, name: albumName, searched: searchText(albumName) };
  const album: Album = { ...names, artist, genre, seconds: 0, tracks: [] };
  artist.albums.push(album);
  return album;
}

const byName = (a: Named, b: Named) => compare(a.searched, b.searched) || compare(a.id, b.id);

/** By code units, as ids and searched texts are compared. */
export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
