import { between, type Random, seededRandom } from '../synth/random.ts';
import type { CatalogueTrack } from './catalogue.ts';
import { GENRES } from './genres.ts';

/** The 52 columns of tracks.csv in fma_metadata, in its order. */
const COLUMNS = {
  album: [
    ...['comments', 'date_created', 'date_released', 'engineer', 'favorites', 'id', 'information', 'listens'],
    ...['producer', 'tags', 'title', 'tracks', 'type'],
  ],
  artist: [
    ...['active_year_begin', 'active_year_end', 'associated_labels', 'bio', 'comments', 'date_created'],
    ...[
      'favorites',
      'id',
      'latitude',
      'location',
      'longitude',
      'members',
      'name',
      'related_projects',
      'tags',
    ],
    ...['website', 'wikipedia_page'],
  ],
  set: ['split', 'subset'],
  track: [
    ...['bit_rate', 'comments', 'composer', 'date_created', 'date_recorded', 'duration', 'favorites'],
    ...[
      'genre_top',
      'genres',
      'genres_all',
      'information',
      'interest',
      'language_code',
      'license',
      'listens',
    ],
    ...['lyricist', 'number', 'publisher', 'tags', 'title'],
  ],
};

/** A string as Python's repr writes it: in single quotes, unless it holds some and no double ones. */
function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote;
}

/** FMA's lists are Python's repr of them, not JSON. */
function pythonList(values: (string | number)[]): string {
  const items = values.map((value) => (typeof value === 'number' ? value : pythonString(value)));
  return `[${items.join(', ')}]`;
}

function csvLine(values: (string | number)[]): string {
  const fields = values.map((value) => {
    const text = String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${fields.join(',')}\n`;
}

/** `2016-03-09 14:05:00`, a different one for each random stream. */
function dateOf(random: Random, year: number): string {
  const part = (low: number, high: number) => String(Math.floor(between(random, low, high))).padStart(2, '0');
  return `${year}-${part(1, 13)}-${part(1, 29)} ${part(8, 23)}:${part(0, 60)}:00`;
}

/** A row's values by `group.field`; a column without one stays empty, as many do in FMA. */
function rowOf(track: CatalogueTrack): Record<string, string | number> {
  const { artist } = track;
  const random = seededRandom(`metadata of ${artist.name}/${track.title}`);
  const count = (most: number) => Math.floor(most * random() ** 3);
  const released = 2009 + (track.albumId % 8);
  const roots = [...new Set(track.genres.map((genre) => GENRES[genre].root))];
  const ids = track.genres.map((genre) => GENRES[genre].id);
  const rootIds = roots.map((root) => GENRES[root].id);
  return {
    'album.comments': 0,
    'album.date_created': dateOf(random, released),
    'album.date_released': `${released}-05-01 00:00:00`,
    'album.favorites': count(40),
    'album.id': track.albumId,
    'album.information': `<p>“${track.album}”, made at home.</p>\n<p>Say "hello", and <em>play it twice</em></p>`,
    'album.listens': count(90_000),
    'album.tags': pythonList([]),
    'album.title': track.album,
    'album.tracks': track.albumTracks,
    'album.type': track.albumTracks > 1 ? 'Album' : 'Single Tracks',
    'artist.bio': `<p>${artist.name} lives in ${artist.location},\nand in nobody's record shop.</p>`,
    'artist.comments': 0,
    'artist.date_created': dateOf(random, released - 1),
    'artist.favorites': count(60),
    'artist.id': track.artistId,
    'artist.location': artist.location,
    'artist.name': artist.name,
    'artist.tags': pythonList([artist.name.toLowerCase()]),
    // Splits are disjoint in their artists, as FMA's are.
    'set.split': ['test', 'training', 'training', 'validation', 'training', 'training'][track.artistId % 6]!,
    'set.subset': 'small',
    'track.bit_rate': 192_000,
    'track.comments': 0,
    'track.date_created': dateOf(random, released),
    'track.duration': Math.floor(between(random, 140, 420)),
    'track.favorites': count(30),
    // Only a track whose genres all have the same root has a top genre.
    'track.genre_top': roots.length === 1 ? roots[0]! : '',
    'track.genres': pythonList(ids),
    'track.genres_all': pythonList([...new Set([...rootIds, ...ids])].sort((a, b) => a - b)),
    'track.interest': count(30_000),
    'track.language_code': 'en',
    'track.license': 'CC0 1.0 Universal',
    'track.listens': count(20_000),
    'track.number': track.number,
    'track.tags': pythonList(artist.tags),
    'track.title': track.title,
  };
}

/** tracks.csv: lines of groups, of fields and of the index's name (pandas adds it), then the rows. */
export function tracksCsv(tracks: CatalogueTrack[]): string {
  const columns = Object.entries(COLUMNS).flatMap(([group, fields]) => fields.map((field) => [group, field]));
  const rows = tracks.map((track) => {
    const row = rowOf(track);
    return csvLine([track.id, ...columns.map(([group, field]) => row[`${group}.${field}`] ?? '')]);
  });
  return [
    csvLine(['', ...columns.map(([group]) => group!)]),
    csvLine(['', ...columns.map(([, field]) => field!)]),
    csvLine(['track_id', ...columns.map(() => '')]),
    ...rows,
  ].join('');
}

/** genres.csv, which gives the ids of tracks.csv their titles. */
export function genresCsv(tracks: CatalogueTrack[]): string {
  const rows = Object.entries(GENRES).map(([title, { id, root }]) => {
    const used = tracks.filter((track) =>
      track.genres.some((genre) => genre === title || GENRES[genre].root === title),
    );
    return csvLine([id, used.length, title === root ? 0 : GENRES[root].id, title, GENRES[root].id]);
  });
  return csvLine(['genre_id', '#tracks', 'parent', 'title', 'top_level']) + rows.join('');
}
