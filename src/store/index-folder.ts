import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SoundalikeError } from '../errors.ts';
import { hasCode, moveIntoPlace, syncFolder, temporaryName, writeFileAtomically } from './atomic-file.ts';
import { canonicalJson, readJsonFile } from './json-file.ts';
import { currentFile, indexesFolder, indexPaths } from './paths.ts';
import { readPlan } from './plan-files.ts';

/** index/<index>/index.json. */
interface IndexDescription {
  index: string;
  /** The run that it was made of. */
  run: string;
  /** Ids of its segments. */
  segments: string[];
}

const descriptionSchema: z.ZodType<IndexDescription> = z.object({
  index: z.string(),
  run: z.string(),
  segments: z.array(z.string()),
});

/** A segment as the files of its folder, the header among them. */
export interface SegmentFiles {
  id: string;
  files: { name: string; bytes: string | Uint8Array }[];
}

export interface IndexToPublish {
  /** Decided by the segments' content: two indexes of one id have the same segments. */
  index: string;
  run: string;
  segments: SegmentFiles[];
}

/** The live index. */
export interface CurrentIndex {
  index: string;
  run: string;
  /** The folder that the tracks' relative paths start from. */
  root: string;
  /** Absolute paths of the segments' folders. */
  segments: string[];
}

/** Builds the folder of an index under a temporary name, durably. */
async function buildFolder(dataDir: string, index: string, segments: SegmentFiles[]): Promise<string> {
  const temporary = temporaryName(indexesFolder(dataDir), index);
  const paths = indexPaths(temporary);
  try {
    for (const { id, files } of segments) {
      for (const { name, bytes } of files) await writeFileAtomically(join(paths.segments, id, name), bytes);
    }
    await mkdir(paths.segments, { recursive: true });
    await syncFolder(paths.segments);
    await syncFolder(temporary);
    return temporary;
  } catch (error) {
    await rm(temporary, { force: true, recursive: true });
    throw error;
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Publishes an index and makes it the live one. Readers see the old index or the new, each complete. Where the
 * index is there already, only its description and CURRENT are written: the same segments may come from
 * another run.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE, and the old index is still the live one.
 */
export async function publishIndex(dataDir: string, { index, run, segments }: IndexToPublish): Promise<void> {
  const folder = join(indexesFolder(dataDir), index);
  if (!(await exists(folder))) {
    const temporary = await buildFolder(dataDir, index, segments);
    try {
      await moveIntoPlace(temporary, folder);
    } catch (error) {
      // Another attempt came first, with the same segments.
      if (!(await exists(folder))) throw error;
    }
  }
  const description: IndexDescription = { index, run, segments: segments.map(({ id }) => id) };
  await writeFileAtomically(indexPaths(folder).description, canonicalJson(description));
  await makeCurrent(dataDir, index);
}

/** Whether an index is there, live or not. */
export function hasIndex(dataDir: string, index: string): Promise<boolean> {
  return exists(indexPaths(join(indexesFolder(dataDir), index)).description);
}

/** Makes a published index the live one. */
export async function makeCurrent(dataDir: string, index: string): Promise<void> {
  await writeFileAtomically(currentFile(dataDir), `${index}\n`);
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
 * @throws SoundalikeError INDEX_NOT_FOUND
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
  const paths = indexPaths(folder);
  const description = await readJsonFile(paths.description, descriptionSchema);
  const plan = description && (await readPlan(dataDir, description.run));
  if (!plan) {
    throw new SoundalikeError(
      'INDEX_NOT_FOUND',
      `CURRENT names index ${index}, but ${folder} or the plan of its run is not there: run soundalike run again`,
    );
  }
  return {
    index,
    run: plan.run,
    root: plan.root,
    segments: description.segments.map((segment) => join(paths.segments, segment)),
  };
}
