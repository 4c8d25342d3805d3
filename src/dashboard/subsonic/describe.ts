import { basename, extname } from 'node:path';
import type { CollectionTrack } from '../../recommend/collection.ts';
import { audioType } from '../send-audio.ts';
import type { Element } from './answer.ts';
import { type Album, type Artist, namesOf } from './catalogue.ts';

/** The protocol wants to know when an album came; an index does not tell. */
const UNKNOWN_DATE = '1970-01-01T00:00:00.000Z';

/** A track as the protocol's `Child`. */
export function songElement(track: CollectionTrack): Element {
  const { id, title, genre, path, seconds, tempo } = track;
  const { artistName, albumName, artistId, albumId } = namesOf(track);
  return {
    id,
    parent: albumId,
    isDir: false,
    title: title ?? basename(path),
    album: albumName,
    artist: artistName,
    ...genreElements(genre),
    contentType: audioType(path) ?? 'application/octet-stream',
    suffix: extname(path).slice(1).toLowerCase(),
    duration: Math.round(seconds),
    ...(tempo !== null && { bpm: Math.round(tempo) }),
    path,
    albumId,
    artistId,
    type: 'music',
    mediaType: 'song',
    isVideo: false,
  };
}

/** As `AlbumID3`. */
export function albumElement({ id, name, artist, genre, seconds, tracks }: Album): Element {
  return {
    id,
    name,
    artist: artist.name,
    artistId: artist.id,
    songCount: tracks.length,
    duration: Math.round(seconds),
    created: UNKNOWN_DATE,
    ...genreElements(genre),
  };
}

/** An album as the `Child` of a folder. */
export function albumFolder({ id, name, artist, genre }: Album): Element {
  const { id: parent, name: artistName } = artist;
  return { id, parent, isDir: true, title: name, album: name, artist: artistName, ...genreElements(genre) };
}

/** As `ArtistID3`. */
export function artistElement({ id, name, albums }: Artist): Element {
  return { id, name, albumCount: albums.length };
}

/** Artists by the first letter of their name, those that begin with none under `#`. */
export function byLetter(artists: readonly Artist[]): { name: string; artist: Element[] }[] {
  const letters = new Map<string, Element[]>();
  for (const artist of artists) {
    const first = artist.name.startsWith('[') ? '#' : (artist.searched[0]?.toUpperCase() ?? '#');
    const letter = /\p{L}/u.test(first) ? first : '#';
    const of = letters.get(letter);
    if (of) of.push(artistElement(artist));
    else letters.set(letter, [artistElement(artist)]);
  }
  return Array.from(letters, ([name, artist]) => ({ name, artist }));
}

const genreElements = (genre: string | null): Element =>
  genre === null ? {} : { genre, genres: [{ name: genre }] };
