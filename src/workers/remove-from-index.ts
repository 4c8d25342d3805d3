import { access, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { forEachConcurrently } from '../dataset/for-each-concurrently.ts';
import { SoundalikeError } from '../errors.ts';
import { hasCode } from '../store/atomic-file.ts';
import { changeIndex } from '../store/change-index.ts';
import { keptSegments } from '../store/index-segments.ts';
import type { OpenIndex } from '../store/open-index.ts';

/** Files looked for at once. */
const LOOKS = 32;

/** What `removeFromIndex` did. */
export interface Removed {
  /** Id of the index that is live now. */
  index: string;
  /** Ids of the tracks removed, in their order. */
  tracks: string[];
}

/**
 * Deletes tracks from the live index: those named, or those whose audio files are not there any more. No segment is
 * written anew.
 *
 * @throws SoundalikeError TRACK_NOT_FOUND where an id is not in the index, SOURCE_NOT_FOUND where the folder of
 *   `missing` files is not there either, USAGE where no track would be left; and as `changeIndex`
 */
export async function removeFromIndex(
  dataDir: string,
  which: readonly string[] | 'missing',
): Promise<Removed> {
  let tracks: string[] = [];
  const index = await changeIndex(dataDir, async (base) => {
    const rows = which === 'missing' ? await rowsWithoutFile(base) : rowsOf(base, which);
    if (rows.size === 0) return null;
    if (rows.size === base.list.size) {
      throw new SoundalikeError(
        'USAGE',
        'that would leave no track: run another collection in place of this one',
      );
    }
    tracks = Array.from(rows, (row) => base.list.track(row).id).sort();
    return keptSegments(base, (row) => rows.has(row));
  });
  return { index, tracks };
}

function rowsOf({ rowOf }: OpenIndex, ids: readonly string[]): Set<number> {
  const rows = new Map(ids.map((id) => [id, rowOf(id)]));
  const unknown = ids.filter((id) => rows.get(id) === undefined);
  if (unknown.length > 0) {
    throw new SoundalikeError(
      'TRACK_NOT_FOUND',
      `the index has no track ${unknown.join(', ')}, so none was removed: leave out what is not there`,
    );
  }
  return new Set([...rows.values()] as number[]);
}

async function rowsWithoutFile({ list, originOf }: OpenIndex): Promise<Set<number>> {
  const roots = new Map<string, Promise<void>>();
  const rows: number[] = [];
  await forEachConcurrently(Array.from(list.inOrder()), LOOKS, async (row) => {
    const { root } = originOf(row);
    const seen = roots.get(root) ?? requireFolder(root);
    roots.set(root, seen);
    await seen;
    if (await isMissing(resolve(root, list.track(row).path))) rows.push(row);
  });
  return new Set(rows);
}

/** Where nothing is mounted there is no folder, or an empty one: its files are not gone. */
async function requireFolder(root: string): Promise<void> {
  const entries = await readdir(root).catch(() => []);
  if (entries.length > 0) return;
  throw new SoundalikeError(
    'SOURCE_NOT_FOUND',
    `the source folder ${root} is not there or empty, so no file of it counts as missing: mount it`,
  );
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await access(path);
    return false;
  } catch (error) {
    // A disk that fails or a folder that may not be read does not make a file missing.
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return true;
    throw error;
  }
}
