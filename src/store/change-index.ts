import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SoundalikeError } from '../errors.ts';
import { readDescription } from './index-description.ts';
import { makeCurrent, readCurrentId } from './index-folder.ts';
import { type OpenIndex, openIndex } from './open-index.ts';
import { acquireOwnership } from './owner-lock.ts';
import { indexesFolder, indexLockFolder } from './paths.ts';
import { placeIndex, type SegmentToPublish } from './publish-index.ts';
import { readSuccess } from './run-outcome.ts';
import { listRuns } from './runs.ts';

/** Of the temporary names of changes. They are made under the lock, so whoever holds it may remove all others. */
const LABEL = 'change';

/**
 * Makes a new index of the live one, and then the new one live. The old one stays as it is until the next change, for
 * those who have it open or come back to it; a process killed at any point leaves one of the two live.
 *
 * @param change Gives the segments of the new index; null where there is nothing to change.
 * @returns Id of the index that is live now.
 * @throws SoundalikeError INDEX_BUSY where another process changes it, or a run finished meanwhile;
 *   INDEX_NOT_FOUND, INDEX_DAMAGED, INDEX_VERSION, DATA_DIR_UNUSABLE
 */
export async function changeIndex(
  dataDir: string,
  change: (base: OpenIndex) => Promise<SegmentToPublish[] | null>,
): Promise<string> {
  // First of all, for a folder without an index to be left as it is.
  const before = await openIndex(dataDir);
  const lock = await acquireOwnership(indexLockFolder(dataDir));
  if ('heldBy' in lock) {
    const { pid, host } = lock.heldBy;
    throw new SoundalikeError(
      'INDEX_BUSY',
      `process ${pid} on ${host} changes the index of ${dataDir}: wait for it and try again (if that machine is gone for good, delete ${lock.file})`,
    );
  }
  try {
    await removeLeftovers(dataDir);
    const base = (await readCurrentId(dataDir)) === before.index ? before : await openIndex(dataDir);
    const segments = await change(base);
    if (!segments) return base.index;
    const index = await placeIndex(dataDir, segments, { base: base.index, label: LABEL });
    // Runs take no lock, as one that waits for a machine that is gone would never end.
    if ((await readCurrentId(dataDir)) !== base.index) {
      throw new SoundalikeError(
        'INDEX_BUSY',
        'a run has made another index the live one meanwhile: try again',
      );
    }
    await makeCurrent(dataDir, index, LABEL);
    return index;
  } finally {
    await lock.release();
  }
}

/** Removes what killed changes left, and the indexes of earlier changes that are not live any more. */
async function removeLeftovers(dataDir: string): Promise<void> {
  const folder = indexesFolder(dataDir);
  const kept = new Set([await readCurrentId(dataDir)]);
  for (const { run } of await listRuns(dataDir)) kept.add((await readSuccess(dataDir, run))?.index ?? null);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const isLeftover =
      name.startsWith(`.tmp-${LABEL}-`) || (!kept.has(name) && (await isOfChange(path, name)));
    if (isLeftover) await rm(path, { force: true, recursive: true });
  }
}

/** Whether the folder holds an index that a change made. What cannot be read is left to its run. */
async function isOfChange(folder: string, index: string): Promise<boolean> {
  const description = await readDescription(folder, index).catch(() => null);
  return description !== null && description.base !== null;
}
