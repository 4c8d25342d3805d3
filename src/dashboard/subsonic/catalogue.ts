import { setImmediate as nextTurn } from 'node:timers/promises';
import { searchText } from '../../dataset/search-fields.ts';
import type { Collection, CollectionTrack } from '../../recommend/collection.ts';
import type { CollectionAlbum } from '../../recommend/collection-albums.ts';
import { rowsWithWords, textColumn } from '../../search/text-rows.ts';
import { sha256 } from '../../sha256.ts';
import { sortedInTurns } from './in-turns.ts';

/** What tracks without a name for it are found under. */
const NO_ARTIST = '[Unknown Artist]';
const NO_ALBUM = '[Unknown Album]';

/** Albums named between two turns of the event loop: some 10 ms. */
const STRETCH = 500;

/** Names whose hashes are kept. */
const KEPT_HASHES = 100_000;

interface Named {
  id: string;
  name: string;
  /** As `searchText` gives it: for the order and for searches. */
  searched: string;
}

export interface Album extends Named, Pick<CollectionAlbum, 'genre' | 'seconds' | 'tracks'> {
  artist: Artist;
}

export interface Artist extends Named {
  albums: Album[];
}

/** The artists and albums of a collection, each in the order of names. */
export interface Catalogue {
  artists: Artist[];
  albums: Album[];
  /** In the order of their artists. */
  albumsByArtist: Album[];
  /** The best matches of some words first (see `rowsWithWords`), without words all. */
  findArtists(words: readonly string[], offset: number, limit: number): Artist[];
  findAlbums(words: readonly string[], offset: number, limit: number): Album[];
  artist(id: string): Artist | undefined;
  album(id: string): Album | undefined;
}

const hashes = new Map<string, string>();

/** To hash the names of a song takes longer than all else that is told of it. */
function hashOf(name: string): string {
  const hash = hashes.get(name) ?? sha256(name).slice(0, 16);
  if (hashes.size >= KEPT_HASHES) hashes.clear();
  hashes.set(name, hash);
  return hash;
}

const artistId = (name: string) => `ar-${hashOf(name)}`;
const albumId = (artist: string, name: string) => `al-${hashOf(`${artist}\0${name}`)}`;

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
  const artists = new Map<string, Artist>();
  const albums = new Map<string, Album>();
  for (const given of await collection.albums()) {
    const album = namedAlbum(given, artists);
    albums.set(album.id, album);
    if (albums.size % STRETCH === 0) await nextTurn();
  }
  const sortedArtists = await sortedInTurns([...artists.values()], byName);
  const sortedAlbums = await sortedInTurns([...albums.values()], byName);
  for (const artist of sortedArtists) artist.albums.sort(byName);
  await nextTurn();
  const albumsByArtist = sortedArtists.flatMap((artist) => artist.albums);
  const findArtists = finder(sortedArtists);
  await nextTurn();
  return {
    artists: sortedArtists,
    albums: sortedAlbums,
    albumsByArtist,
    findArtists,
    findAlbums: finder(sortedAlbums),
    artist: (id) => artists.get(id),
    album: (id) => albums.get(id),
  };
}

/** An album with its artist, who may be there already. */
function namedAlbum(
  { artist: artistOrNone, album: albumOrNone, ...rest }: CollectionAlbum,
  artists: Map<string, Artist>,
): Album {
  const { artistName, albumName, artistId, albumId } = namesOf({ artist: artistOrNone, album: albumOrNone });
  const artist = artists.get(artistId) ?? {
    id: artistId,
    name: artistName,
    searched: searchText(artistName),
    albums: [],
  };
  artists.set(artistId, artist);
  const album: Album = { id: albumId, name: albumName, searched: searchText(albumName), artist, ...rest };
  artist.albums.push(album);
  return album;
}

function finder<One extends Named>(all: One[]) {
  const names = textColumn(all.map(({ searched }) => searched));
  return (words: readonly string[], offset: number, limit: number): One[] =>
    words.length === 0
      ? all.slice(offset, offset + limit)
      : Array.from(rowsWithWords(names, words, offset, limit).rows, (row) => all[row]!);
}

const byName = (a: Named, b: Named) => compare(a.searched, b.searched) || compare(a.id, b.id);

/** By code units, as ids and searched texts are compared. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
