import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SoundalikeError } from '../errors.ts';
import { type CleanRow, cleanRows, mergeMetadata } from './cleaning.ts';
import { tally } from './cleaning-report.ts';
import { fileDigest } from './csv-file.ts';
import { openCsvTable } from './csv-table.ts';
import { genresFileBeside, readGenreTitles } from './fma.ts';
import { type FoundFile, type FoundFiles, fileStem } from './found-files.ts';
import { pathBelow } from './named-files.ts';
import type { CleaningReport } from './track.ts';
import { cleanId } from './values.ts';

/**
 * Joins the rows of a metadata file to the files of a source: by path where a row has one, else by id. A file
 * has the id that its row gives, or a number as its name. What a file's own row says already is kept only
 * where the metadata is silent.
 *
 * @returns sha256 of what was read.
 * @throws SoundalikeError METADATA_NOT_FOUND, METADATA_COLUMNS_MISSING or METADATA_MALFORMED.
 */
export async function joinMetadata(
  metadataFile: string,
  { root, files }: FoundFiles,
  report: CleaningReport,
  onRows: (read: number) => void,
): Promise<string> {
  await requireFile(metadataFile);
  const table = await openCsvTable(
    metadataFile,
    ['id', 'path'],
    'name tracks.csv or raw_tracks.csv of fma_metadata, or a CSV with one of these columns',
  );
  const genresFile = genresFileBeside(metadataFile);
  const genreTitles = genresFile === null ? new Map<string, string>() : await readGenreTitles(genresFile);
  const filesOf = matcher(files, [root, dirname(metadataFile)]);

  const joined = new Set<FoundFile>();
  let read = 0;
  for await (const row of cleanRows(table, genreTitles, report)) {
    onRows(++read);
    const matches = filesOf(row);
    if (matches.length === 0) report.rowsWithoutFile++;
    else if (matches.some((file) => joined.has(file))) tally(report.dropped, 'second row of a file');
    else {
      for (const file of matches) {
        file.id = row.id ?? file.id;
        file.metadata = file.metadata ? mergeMetadata(row.metadata, file.metadata) : row.metadata;
        joined.add(file);
      }
    }
  }
  const digests = [metadataFile, genresFile].filter((file) => file !== null).map(fileDigest);
  return (await Promise.all(digests)).join('+');
}

async function requireFile(metadataFile: string): Promise<void> {
  const stats = await stat(metadataFile).catch(() => null);
  if (stats?.isFile()) return;
  const wrong = stats
    ? 'is a folder; name the tracks.csv in it'
    : 'is not there; check the spelling, and for FMA unpack fma_metadata.zip';
  throw new SoundalikeError('METADATA_NOT_FOUND', `the metadata file ${metadataFile} ${wrong}`);
}

/** @param bases Folders that a row's relative path may start from, the likelier first. */
function matcher(files: readonly FoundFile[], bases: readonly string[]): (row: CleanRow) => FoundFile[] {
  const [root] = bases;
  const byPath = new Map(files.map((file) => [pathKey(root, file.path), file]));
  const byId = new Map<string, FoundFile[]>();
  for (const file of files) {
    const number = cleanId(fileStem(file.path)).value;
    for (const id of new Set([file.id, number ?? file.id])) {
      const sameId = byId.get(id);
      if (sameId) sameId.push(file);
      else byId.set(id, [file]);
    }
  }
  return ({ id, path }) => {
    for (const base of path === null ? [] : bases) {
      const file = byPath.get(pathKey(root, resolve(base, path ?? '')));
      if (file) return [file];
    }
    return (id !== null && byId.get(id)) || [];
  };
}

/** Some file systems keep accents apart from their letters, so both sides are compared composed. */
function pathKey(root: string, path: string): string {
  return pathBelow(root, path).normalize('NFC');
}
