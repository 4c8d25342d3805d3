import { hash } from 'node:crypto';
import { tally } from './cleaning-report.ts';
import type { Columns, Field } from './columns.ts';
import type { CleaningReport, TrackMetadata } from './track.ts';
import {
  type Cleaned,
  cleanCount,
  cleanDate,
  cleanGenre,
  cleanId,
  cleanLabel,
  cleanList,
  cleanName,
} from './values.ts';

/** A row as a source has it: text from a CSV, any type from a document. */
export interface Row {
  cells: readonly unknown[];
  columns: Columns;
}

export interface CleanRow {
  /** Zero-padded to six digits. */
  id: string | null;
  /** As the row has it. */
  path: string | null;
  metadata: TrackMetadata;
}

/**
 * The rows of a source, cleaned as docs/metadata.md describes. Rows that repeat an earlier row in every cell,
 * and rows with neither an id nor a path, are left out; rows, repairs and what is left out are counted.
 *
 * @param genreTitles Titles by genre id, put in place of the ids in `genres`.
 */
export async function* cleanRows(
  rows: AsyncIterable<Row>,
  genreTitles: ReadonlyMap<string, string>,
  report: CleaningReport,
): AsyncGenerator<CleanRow> {
  const seen = new Set<string>();
  for await (const { cells, columns } of rows) {
    report.rows++;
    const content = fingerprint(cells);
    if (seen.has(content)) {
      tally(report.dropped, 'double row');
      continue;
    }
    seen.add(content);
    const clean = cleanRow(cells, columns, genreTitles, report);
    if (clean.id === null && clean.path === null) tally(report.dropped, 'row without id or path');
    else yield clean;
  }
}

/** Of all cells, not only the known ones: 16 bytes a row tell 10^9 rows apart. */
function fingerprint(cells: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(cells), 'base64').slice(0, 22);
}

function cleanRow(
  cells: readonly unknown[],
  columns: Columns,
  genreTitles: ReadonlyMap<string, string>,
  report: CleaningReport,
): CleanRow {
  /** The first of the field's columns that holds a value. */
  const take = <T>(field: Field, clean: (cell: unknown) => Cleaned<T>): T => {
    let taken = clean('').value;
    for (const position of columns[field]) {
      const { value, repair } = clean(cells[position]);
      if (repair !== null) tally(report.repaired, repair);
      taken = value;
      if (Array.isArray(value) ? value.length > 0 : value !== null) break;
    }
    return taken;
  };

  const named = take('genre', cleanGenre);
  const listed = take('genres', cleanList).map((genre) => genreTitles.get(genre) ?? genre);
  const candidates = named.length > 0 ? named : listed;
  return {
    id: take('id', cleanId),
    path: take('path', cleanName),
    metadata: {
      title: take('title', cleanName),
      artist: take('artist', cleanName),
      album: take('album', cleanName),
      // Of several genres none is the one genre: FMA's genre_top is empty there as well.
      genre: candidates.length === 1 ? candidates[0] : null,
      genres: listed.length > 0 ? listed : named,
      tags: take('tags', cleanList),
      date: take('date', cleanDate),
      license: take('license', cleanLabel),
      listens: take('listens', cleanCount),
    },
  };
}

/** Field by field, what `first` says, else what `second` says. */
export function mergeMetadata(first: TrackMetadata, second: TrackMetadata): TrackMetadata {
  const longer = (a: string[], b: string[]) => (a.length > 0 ? a : b);
  return {
    title: first.title ?? second.title,
    artist: first.artist ?? second.artist,
    album: first.album ?? second.album,
    genre: first.genre ?? second.genre,
    genres: longer(first.genres, second.genres),
    tags: longer(first.tags, second.tags),
    date: first.date ?? second.date,
    license: first.license ?? second.license,
    listens: first.listens ?? second.listens,
  };
}
