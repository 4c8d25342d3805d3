import type { Table } from 'apache-arrow';
import { searchText } from '../dataset/search-fields.ts';
import { loaderOf } from '../wasm/file-blocks.ts';
import type { FilterColumns } from './meeting-rows.ts';
import {
  codedColumn,
  codedColumnOf,
  codedReader,
  encodeTable,
  numberColumn,
  numbersOf,
  stringColumn,
  textReader,
  textsOf,
} from './segment-arrow.ts';
import { FIELD_END, type TextColumn } from './text-rows.ts';

/** What a recommendation shows of a track. */
export interface SegmentTrack {
  id: string;
  title: string | null;
  artist: string | null;
  album: string | null;
  genre: string | null;
  /** Relative to the source's root. */
  path: string;
  seconds: number;
  /** Beats a minute; null where the preset has none. */
  tempo: number | null;
}

const TEXTS = ['id', 'title', 'album', 'path'] as const;

/** What filters ask for. */
const CODED = ['artist', 'genre'] as const;

/** The tracks of an opened segment by row. Strings are decoded when asked for, not before. */
export interface TrackTable {
  track(row: number): SegmentTrack & { cluster: number };
  /** One text of a row, for those who need no more of very many. */
  text(column: (typeof TEXTS)[number], row: number): string | null;
  /** The row of an id; undefined where no track has it. */
  rowOf(id: string): number | undefined;
  /**
   * Title, artist, album and genre in the form of `searchText`, a `FIELD_END` between them, empty where there is none:
   * what words of a query are looked for in, and what tracks are put in order by.
   */
  texts: TextColumn;
  ids: TextColumn;
  paths: TextColumn;
  artistOf(row: number): string | null;
  genreOf(row: number): string | null;
  clusters: Uint32Array;
  columns: FilterColumns;
}

/** @param assignment The cluster of each track. */
export function encodeTracks(tracks: readonly SegmentTrack[], assignment: Uint32Array): Uint8Array {
  const texts = TEXTS.map((column) => [column, stringColumn(tracks.map((track) => track[column]))]);
  const coded = CODED.map((column, id) => [
    column,
    codedColumn(
      tracks.map((track) => track[column]),
      id,
    ),
  ]);
  return encodeTable({
    ...Object.fromEntries([...texts, ...coded]),
    seconds: numberColumn(Float64Array.from(tracks, ({ seconds }) => seconds)),
    tempo: numberColumn(Float32Array.from(tracks, ({ tempo }) => tempo ?? Number.NaN)),
    cluster: numberColumn(assignment),
    text: stringColumn(
      tracks.map(({ title, artist, album, genre }) =>
        [title, artist, album, genre].map((part) => searchText(part ?? '')).join(FIELD_END),
      ),
    ),
  });
}

/** @throws Error where a column is not as `encodeTracks` writes it. */
export function decodeTracks(table: Table): TrackTable {
  const seconds = numbersOf(table, 'seconds', Float64Array);
  const tempos = numbersOf(table, 'tempo', Float32Array);
  const clusters = numbersOf(table, 'cluster', Uint32Array);
  const artists = codedColumnOf(table, 'artist');
  const genres = codedColumnOf(table, 'genre');
  const [artistOf, genreOf] = [artists, genres].map(codedReader);
  const readers = Object.fromEntries(TEXTS.map((name) => [name, textReader(table, name)]));
  const text = (name: (typeof TEXTS)[number], row: number) => readers[name](row) as string;
  const loaders = [seconds, tempos, clusters].map(
    (array) => [loaderOf(array), array.BYTES_PER_ELEMENT] as const,
  );
  return {
    track(row) {
      for (const [load, bytes] of loaders) load(bytes * row, bytes * (row + 1));
      return {
        id: text('id', row),
        title: readers.title(row),
        artist: artistOf(row),
        album: readers.album(row),
        genre: genreOf(row),
        path: text('path', row),
        seconds: seconds[row],
        tempo: Number.isNaN(tempos[row]) ? null : tempos[row],
        cluster: clusters[row],
      };
    },
    rowOf: (id) => {
      let low = 0;
      let high = table.numRows - 1;
      while (low <= high) {
        const middle = (low + high) >>> 1;
        const found = text('id', middle);
        if (found === id) return middle;
        if (found < id) low = middle + 1;
        else high = middle - 1;
      }
      return undefined;
    },
    text: (column, row) => readers[column](row),
    texts: textsOf(table, 'text'),
    ids: textsOf(table, 'id'),
    paths: textsOf(table, 'path'),
    artistOf,
    genreOf,
    clusters,
    columns: { artists, genres, seconds, tempos },
  };
}
