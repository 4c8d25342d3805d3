import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SoundalikeError } from '../errors.ts';
import { hasCode, moveIntoPlace, writeTemporary } from './atomic-file.ts';
import { readDescription, type SegmentEntry } from './index-description.ts';
import { currentFile, indexesFolder, indexPaths } from './paths.ts';
import { readPlan } from './plan-files.ts';

/** A run that rows of an index come from. */
export interface IndexSource {
  run: string;
  /** The folder that its tracks' relative paths start from. */
  root: string;
}

/** The live index. */
export interface CurrentIndex {
  index: string;
  /** Absolute path of its folder. */
  folder: string;
  segments: (Omit<SegmentEntry, 'runs'> & { sources: IndexSource[] })[];
}

/** Whether something of this path is there. */
export const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Whether an index is there, live or not. */
export function hasIndex(dataDir: string, index: string): Promise<boolean> {
  return exists(indexPaths(join(indexesFolder(dataDir), index)).description);
}

/**
 * Makes a published index the live one.
 *
 * @param label Tells what a leftover was going to be (see `writeTemporary`).
 */
export async function makeCurrent(dataDir: string, index: string, label = 'CURRENT'): Promise<void> {
  const temporary = await writeTemporary(indexesFolder(dataDir), label, `${index}\n`);
  await moveIntoPlace(temporary, currentFile(dataDir));
}

/** Id of the live index; null where there is none. Cheap: for those who watch it change. */
export async function readCurrentId(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(currentFile(dataDir), 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * The live index.
 *
 * @throws SoundalikeError INDEX_NOT_FOUND; INDEX_DAMAGED, DATA_DIR_UNUSABLE where its description is not as written
 */
export async function readCurrent(dataDir: string): Promise<CurrentIndex> {
  const index = await readCurrentId(dataDir);
  if (index === null) {
    throw new SoundalikeError(
      'INDEX_NOT_FOUND',
      `${dataDir} holds no index yet: make one with soundalike run <folder of music>, or correct DATA_DIR`,
    );
  }
  const folder = join(indexesFolder(dataDir), index);
  const missing = (what: string) =>
    new SoundalikeError(
      'INDEX_NOT_FOUND',
      `CURRENT names index ${index}, but ${what} is not there: run soundalike run again`,
    );
  const description = await readDescription(folder, index);
  if (!description) throw missing(folder);
  const roots = new Map<string, string>();
  for (const run of new Set(description.segments.flatMap(({ runs }) => runs))) {
    const plan = await readPlan(dataDir, run);
    if (!plan) throw missing(`the plan of its run ${run}`);
    roots.set(run, plan.root);
  }
  return {
    index,
    folder,
    segments: description.segments.map(({ runs, ...entry }) => ({
      ...entry,
      sources: runs.map((run) => ({ run, root: roots.get(run)! })),
    })),
  };
}
