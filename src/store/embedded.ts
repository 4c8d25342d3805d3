import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { messageOf, SoundalikeError } from '../errors.ts';
import { acquireOwnership } from './owner-lock.ts';
import { embeddedPaths } from './paths.ts';

/** The embedded database of a data folder. One process owns it, and everything in the process shares it. */
export interface Embedded {
  database: PGlite;
  /** Closes the database and gives the folder free. */
  close(): Promise<void>;
}

/**
 * Opens the embedded database of a data folder.
 *
 * @throws SoundalikeError DATA_DIR_LOCKED where another process has it open.
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function openEmbedded(dataDir: string): Promise<Embedded> {
  const paths = embeddedPaths(dataDir);
  const lock = await acquireOwnership(paths.owners);
  if ('heldBy' in lock) {
    const { pid, host } = lock.heldBy;
    throw new SoundalikeError(
      'DATA_DIR_LOCKED',
      `process ${pid} on ${host} uses the embedded queue and documents of ${dataDir}: stop it, or set QUEUE_URL and MONGODB_URL for several processes (if that machine is gone for good, delete ${lock.file})`,
    );
  }
  try {
    await mkdir(paths.database, { recursive: true });
    const database = await PGlite.create(paths.database);
    return {
      database,
      async close() {
        await database.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw new SoundalikeError(
      'DATA_DIR_UNUSABLE',
      `the embedded database ${paths.database} does not open (${messageOf(error)}): delete it and resume the run, which builds all of it anew but what listeners did`,
      { cause: error },
    );
  }
}
