import { join } from 'node:path';
import { SoundalikeError } from '../errors.ts';
import { exists } from './index-folder.ts';
import { indexesFolder, indexPaths } from './paths.ts';

/**
 * The segment that a run made: the only one of the run's index, and of the same id.
 *
 * @returns Absolute path of its folder.
 * @throws SoundalikeError INDEX_NOT_FOUND where it was deleted.
 */
export async function runIndexFolder(dataDir: string, index: string): Promise<string> {
  const { segments } = indexPaths(join(indexesFolder(dataDir), index));
  const folder = join(segments, index);
  if (await exists(folder)) return folder;
  throw new SoundalikeError(
    'INDEX_NOT_FOUND',
    `the index ${index} was deleted: run the collection again, which makes it anew`,
  );
}
