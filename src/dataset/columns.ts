import type { TrackMetadata } from './track.ts';

export type Field = 'id' | 'path' | keyof TrackMetadata;

/** Where each field stands in a row, the preferred column first. */
export type Columns = Record<Field, number[]>;

/**
 * The columns known, by the name that `columnName` gives, the preferred first. Those with `track_`, `artist_`
 * and `album_` are FMA's: `track.title` of tracks.csv and `track_title` of raw_tracks.csv are the same column.
 */
export const KNOWN_COLUMNS: Record<Field, readonly string[]> = {
  id: ['track_id', 'id', '_id'],
  path: ['path', 'file', 'filename', 'filepath', 'file_name', 'file_path', 'audio_file', 'audio_path'],
  title: ['track_title', 'title', 'track_name', 'name'],
  artist: ['artist_name', 'artist'],
  album: ['album_title', 'album', 'album_name'],
  genre: ['track_genre_top', 'genre_top', 'genre'],
  genres: ['track_genres', 'genres'],
  tags: ['track_tags', 'tags'],
  date: [
    'album_date_released',
    'date_released',
    'release_date',
    'date',
    'year',
    'track_date_recorded',
    'track_date_created',
    'date_created',
  ],
  license: ['track_license', 'license_title', 'license'],
  listens: ['track_listens', 'listens'],
};

/** `Track ID`, `track.id` and `track_id` are one name. */
export function columnName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s.-]+/g, '_');
}

export function selectColumns(names: readonly string[]): Columns {
  const positions = new Map(names.map((name, position) => [columnName(name), position]));
  const select = (field: Field) =>
    KNOWN_COLUMNS[field].flatMap((known) => {
      const position = positions.get(known);
      return position === undefined ? [] : [position];
    });
  return Object.fromEntries(
    (Object.keys(KNOWN_COLUMNS) as Field[]).map((field) => [field, select(field)]),
  ) as Columns;
}
