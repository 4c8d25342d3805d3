import { copyFile, link, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../sha256.ts';
import { hasCode, moveIntoPlace, syncFolder, temporaryName, writeFileAtomically } from './atomic-file.ts';
import { type IndexDescription, indexIdOf } from './index-description.ts';
import { exists, makeCurrent } from './index-folder.ts';
import { canonicalJson } from './json-file.ts';
import { indexesFolder, indexPaths, segmentRowsFile } from './paths.ts';

/** A segment of an index to publish. */
export interface SegmentToPublish {
  id: string;
  /** The runs that its rows come from. */
  runs: string[];
  /** Content of rows/<segment>.arrow (see `SegmentEntry.rows`); null where no such file is needed. */
  rows: Uint8Array | null;
  /** New files of its folder. */
  files: { name: string; bytes: string | Uint8Array }[];
  /** A folder whose other files it shares: an immutable segment's. */
  sharedWith?: string;
}

/** An index that a command makes of another one. */
export interface IndexOrigin {
  /** Id of the other. */
  base: string;
  /** Of temporary names. */
  label: string;
}

function describe(segments: readonly SegmentToPublish[], base: string | null): IndexDescription {
  const entries = segments.map(({ id, runs, rows }) => ({
    id,
    runs,
    rows: rows && { bytes: rows.length, sha256: sha256(rows) },
  }));
  return { index: indexIdOf(entries), base, segments: entries };
}

/** Gives a file a second name, or makes a copy of it where the file system has no hard links. */
async function share(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP'].some((code) => hasCode(error, code))) throw error;
    await copyFile(from, to);
    const handle = await open(to, 'r');
    await handle.sync().finally(() => handle.close());
  }
}

async function writeSegment(folder: string, { files, sharedWith }: SegmentToPublish): Promise<void> {
  for (const { name, bytes } of files) await writeFileAtomically(join(folder, name), bytes);
  if (sharedWith === undefined) return;
  await mkdir(folder, { recursive: true });
  const own = new Set(files.map(({ name }) => name));
  for (const name of await readdir(sharedWith)) {
    if (!own.has(name)) await share(join(sharedWith, name), join(folder, name));
  }
  await syncFolder(folder);
}

/** Builds the folder of an index under a temporary name, durably. */
async function buildFolder(
  dataDir: string,
  label: string,
  segments: readonly SegmentToPublish[],
  description: string,
): Promise<string> {
  const temporary = temporaryName(indexesFolder(dataDir), label);
  const paths = indexPaths(temporary);
  try {
    await writeFileAtomically(paths.description, description);
    for (const segment of segments) {
      await writeSegment(join(paths.segments, segment.id), segment);
      if (segment.rows) await writeFileAtomically(segmentRowsFile(temporary, segment.id), segment.rows);
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

/**
 * Puts an index into its place, without making it the live one. Where it is there already, a run only writes its
 * description: it may be another run that came to the same segment.
 *
 * @param origin Of an index that no run made.
 * @returns Its id.
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function placeIndex(
  dataDir: string,
  segments: readonly SegmentToPublish[],
  origin?: IndexOrigin,
): Promise<string> {
  const description = describe(segments, origin?.base ?? null);
  const { index } = description;
  const folder = join(indexesFolder(dataDir), index);
  const content = canonicalJson(description);
  if (!(await exists(folder))) {
    const temporary = await buildFolder(dataDir, origin?.label ?? index, segments, content);
    try {
      await moveIntoPlace(temporary, folder);
      return index;
    } catch (error) {
      // Another attempt came first, with the same segments.
      if (!(await exists(folder))) throw error;
    }
  }
  if (!origin) await writeFileAtomically(indexPaths(folder).description, content);
  return index;
}

/**
 * Publishes the index of a run and makes it the live one. Readers see the old index or the new, each complete.
 *
 * @returns Its id.
 * @throws SoundalikeError DATA_DIR_UNUSABLE, and the old index is still the live one.
 */
export async function publishIndex(dataDir: string, segments: readonly SegmentToPublish[]): Promise<string> {
  const index = await placeIndex(dataDir, segments);
  await makeCurrent(dataDir, index);
  return index;
}
