import { dirname } from 'node:path';
import { SoundalikeError } from '../errors.ts';
import { type CleanRow, cleanRows } from './cleaning.ts';
import { fileDigest } from './csv-file.ts';
import { openCsvTable } from './csv-table.ts';
import { type FoundFiles, KNOWN_ENDINGS } from './found-files.ts';
import { findNamedFiles } from './named-files.ts';
import type { CleaningReport } from './track.ts';

/**
 * The audio files that a CSV names in a path column, absolute or relative to the folder of the CSV. Its other
 * columns are the metadata.
 *
 * @throws SoundalikeError SOURCE_EMPTY, SOURCE_WITHOUT_AUDIO, METADATA_COLUMNS_MISSING or METADATA_MALFORMED.
 */
export async function findInCsv(
  file: string,
  report: CleaningReport,
  onRows: (read: number) => void,
): Promise<FoundFiles> {
  const table = await openCsvTable(
    file,
    ['path'],
    'add one with the path of each audio file, or name the folder of the audio as the source and this file as its metadata',
  );
  const rows: CleanRow[] = [];
  for await (const row of cleanRows(table, new Map(), report)) {
    rows.push(row);
    onRows(rows.length);
  }
  if (report.rows === 0) {
    throw new SoundalikeError('SOURCE_EMPTY', `${file} has a header and no rows; add one row a track`);
  }
  const found = await findNamedFiles(dirname(file), rows, report);
  if (found.files.length === 0) throw namesNoAudio(file, 'the folder of the CSV', rows);
  return { ...found, contentDigest: await fileDigest(file) };
}

/** @param base What relative paths start from, in words. */
export function namesNoAudio(source: string, base: string, rows: readonly CleanRow[]): SoundalikeError {
  const example = rows.find(({ path }) => path !== null)?.path;
  return new SoundalikeError(
    'SOURCE_WITHOUT_AUDIO',
    `${source} names no audio file that is there${example ? `, such as ${example}` : ''}; ` +
      `paths start at ${base} or are absolute, and the endings known are ${KNOWN_ENDINGS}`,
  );
}
