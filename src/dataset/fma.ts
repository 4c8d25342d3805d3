import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { csvRecords } from './csv-file.ts';

/** `000/000002.mp3`: a folder of the id's first three digits, as mdeff/fma's utils.get_audio_path has it. */
const FMA_PATH = /(?:^|\/)(\d{3})\/(\1\d{3})\.[^./]+$/;

/** @returns The track's id where the path, with `/`, is that of a file of an FMA tree. */
export function fmaTrackId(path: string): string | null {
  return FMA_PATH.exec(path)?.[2] ?? null;
}

const GROUPS = new Set(['album', 'artist', 'set', 'track']);

/** @returns True for the first line of fma_metadata's tracks.csv, the groups of its columns. */
export function isGroupHeader(record: readonly string[]): boolean {
  const [index, ...groups] = record;
  return index === '' && groups.length > 0 && groups.every((group) => GROUPS.has(group));
}

/** The columns of tracks.csv from its first two lines: `track_id`, `album.comments`, … `track.title`. */
export function groupedNames(groups: readonly string[], fields: readonly string[]): string[] {
  return groups.map((group, position) => (position === 0 ? 'track_id' : `${group}.${fields[position]}`));
}

/** @returns True for the line `track_id,,,…` that pandas writes between the header and the data. */
export function isIndexName(record: readonly string[]): boolean {
  return record.slice(1).every((cell) => cell === '');
}

/** The file of genre titles that fma_metadata holds beside tracks.csv; null where it is not there. */
export function genresFileBeside(metadataFile: string): string | null {
  const file = join(dirname(metadataFile), 'genres.csv');
  return existsSync(file) ? file : null;
}

/**
 * Genre titles by genre id, from genres.csv of fma_metadata.
 *
 * @throws SoundalikeError METADATA_MALFORMED
 */
export async function readGenreTitles(genresFile: string): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  let header: string[] | null = null;
  for await (const record of csvRecords(genresFile)) {
    if (header) titles.set(record[header.indexOf('genre_id')], record[header.indexOf('title')]);
    else header = record;
    // A file of that name that is not FMA's tells nothing.
    if (!header.includes('genre_id') || !header.includes('title')) break;
  }
  return titles;
}
