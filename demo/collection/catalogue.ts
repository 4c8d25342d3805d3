import { AMBIENT_ARTISTS } from '../artists/ambient.ts';
import type { Artist } from '../artists/artist.ts';
import { FOLK_MUSICIANS } from '../artists/folk.ts';
import { BEATMAKERS } from '../artists/hip-hop.ts';
import { PIANISTS } from '../artists/piano.ts';
import { ROCK_BANDS } from '../artists/rock.ts';
import { TECHNO_PRODUCERS } from '../artists/techno.ts';
import type { GenreTitle } from './genres.ts';

/** Three artists a style; everyone is invented. */
const ARTISTS: Artist[] = [
  ...PIANISTS,
  ...TECHNO_PRODUCERS,
  ...FOLK_MUSICIANS,
  ...AMBIENT_ARTISTS,
  ...BEATMAKERS,
  ...ROCK_BANDS,
];

/** A track of the demo's collection. */
export interface CatalogueTrack {
  /** Names the file and its row, as in FMA. */
  id: number;
  title: string;
  artist: Artist;
  /** Position in ARTISTS, from 1. */
  artistId: number;
  album: string;
  albumId: number;
  /** Position on the album, from 1, and how many tracks the album has. */
  number: number;
  albumTracks: number;
  genres: GenreTitle[];
}

/** In FMA some tracks belong to two roots and some to none; a metadata reader must bear both. */
const OTHER_GENRES: Record<string, GenreTitle[]> = {
  'Relais (Drehstrom Version)': ['Techno', 'Experimental'],
  'Untitled 7': [],
};

/** All tracks in the order of their ids, which have gaps and fill several folders, as FMA's do. */
export function catalogue(): CatalogueTrack[] {
  return ARTISTS.flatMap((artist, artistIndex) =>
    Object.entries(artist.albums).flatMap(([album, titles], albumIndex) =>
      titles.map((title, index) => ({
        id: 2 + 137 * artistIndex + 29 * albumIndex + 3 * index,
        title,
        artist,
        artistId: artistIndex + 1,
        album,
        albumId: 10 * (artistIndex + 1) + albumIndex,
        number: index + 1,
        albumTracks: titles.length,
        genres: OTHER_GENRES[title] ?? [artist.genre],
      })),
    ),
  );
}

/** FMA's path of a track's audio: `000/000002.mp3`. */
export function audioPath({ id }: CatalogueTrack): string {
  const name = String(id).padStart(6, '0');
  return `${name.slice(0, 3)}/${name}.mp3`;
}
