import { stat } from 'node:fs/promises';
import { SoundalikeError } from '../errors.ts';
import { findInCsv } from './csv-source.ts';
import { findInFolder } from './folder-source.ts';
import type { FoundFiles } from './found-files.ts';
import { findInMongoDb, isMongoDbUri, type ReadCollection } from './mongodb-source.ts';
import type { CleaningReport } from './track.ts';

/** What a source needs from the parts of the program that know its technology. */
export interface SourceReaders {
  readCollection: ReadCollection;
}

/**
 * Finds the audio files of a folder, a CSV or a MongoDB collection.
 *
 * @param source Absolute path or `mongodb://` address.
 * @param onFound Called with the number of files or rows found so far.
 * @throws SoundalikeError SOURCE_NOT_FOUND, USAGE, and those of the kinds of source.
 */
export async function findFiles(
  source: string,
  readers: SourceReaders,
  report: CleaningReport,
  onFound: (found: number) => void,
): Promise<FoundFiles> {
  if (isMongoDbUri(source)) return findInMongoDb(source, readers.readCollection, report, onFound);
  const stats = await stat(source).catch(() => null);
  if (!stats) {
    throw new SoundalikeError(
      'SOURCE_NOT_FOUND',
      `no folder or file ${source}; check the spelling, and that the disk is mounted`,
    );
  }
  if (stats.isDirectory()) return findInFolder(source, report, onFound);
  if (stats.size === 0) {
    throw new SoundalikeError('SOURCE_EMPTY', `the file ${source} is empty; name a folder or a filled CSV`);
  }
  if (source.toLowerCase().endsWith('.csv')) return findInCsv(source, report, onFound);
  throw new SoundalikeError(
    'USAGE',
    `${source} is neither a folder nor a .csv file nor a mongodb:// address; name the folder it lies in`,
  );
}
