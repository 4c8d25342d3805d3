import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, SoundalikeError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { hasCode } from './atomic-file.ts';
import { parseJson, readJsonFile } from './json-file.ts';
import { type Manifest, type ManifestSummary, manifestSchema, summarySchema } from './manifest.ts';
import { namesIn } from './names-in.ts';
import { runPaths } from './paths.ts';
import type { Plan } from './plan.ts';

const ENDING = '.json';

/** Where the manifest of a partition stands once it is committed. */
export function manifestFile(dataDir: string, run: string, partition: string): string {
  return join(runPaths(dataDir, run).manifests, `${partition}${ENDING}`);
}

/** The manifest of a partition; null where it is not committed. */
export function readManifest(dataDir: string, run: string, partition: string): Promise<Manifest | null> {
  return readJsonFile(manifestFile(dataDir, run, partition), manifestSchema);
}

/** The manifest of a partition of a run that is finished. @throws SoundalikeError RUN_INCOMPLETE where it is gone. */
export async function requireManifest(dataDir: string, run: string, partition: string): Promise<Manifest> {
  const manifest = await readManifest(dataDir, run, partition);
  if (manifest) return manifest;
  const path = manifestFile(dataDir, run, partition);
  throw new SoundalikeError('RUN_INCOMPLETE', `${path} is gone: delete the run's _SUCCESS and resume ${run}`);
}

/**
 * What is shown of a manifest; null where the partition is not committed. A status reads thousands of them, so the
 * moments, nearly all of the text, are cut out before it is parsed: keys stand in their order, and a quote within a text
 * would have a backslash before it.
 */
export async function readManifestSummary(
  dataDir: string,
  run: string,
  partition: string,
): Promise<ManifestSummary | null> {
  const path = manifestFile(dataDir, run, partition);
  const text = await readFile(path, 'utf8').catch((error) => {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  });
  if (text === null) return null;
  const [from, to] = [text.indexOf(',"moments":{'), text.lastIndexOf(',"partition":"')];
  const short = from > 0 && to > from ? text.slice(0, from) + text.slice(to) : text;
  return parseJson(short, summarySchema, path);
}

/**
 * All manifests of a run, in the order of its plan.
 *
 * @throws SoundalikeError RUN_INCOMPLETE where partitions are not committed.
 */
export async function readManifests(dataDir: string, plan: Plan): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const { id } of plan.partitions) {
    const manifest = await readManifest(dataDir, plan.run, id);
    if (manifest) manifests.push(manifest);
  }
  const missing = plan.partitions.length - manifests.length;
  if (missing > 0) {
    throw new SoundalikeError(
      'RUN_INCOMPLETE',
      `${missing} of ${plan.partitions.length} partitions of run ${plan.run} are not finished: resume ${plan.run}`,
    );
  }
  return manifests;
}

/** Ids of the partitions of a run that are committed. */
export async function listCommitted(dataDir: string, run: string): Promise<Set<string>> {
  const names = await namesIn(runPaths(dataDir, run).manifests);
  // Temporary files of commits under way begin with a dot.
  const manifests = names.filter((name) => name.endsWith(ENDING) && !name.startsWith('.'));
  return new Set(manifests.map((name) => basename(name, ENDING)));
}

/**
 * The bytes of the shard that a manifest names, checked against its hash; null where it names none.
 *
 * @throws SoundalikeError SHARD_DAMAGED where the file is gone or its content another.
 */
export async function readShardBytes(dataDir: string, manifest: Manifest): Promise<Uint8Array | null> {
  if (manifest.file === null) return null;
  const path = join(runPaths(dataDir, manifest.run).shards, manifest.file);
  const manifestPath = manifestFile(dataDir, manifest.run, manifest.partition);
  const remedy = `delete ${manifestPath} and resume ${manifest.run}`;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new SoundalikeError('SHARD_DAMAGED', `${path} cannot be read (${messageOf(error)}): ${remedy}`, {
      cause: error,
    });
  }
  if (sha256(bytes) !== manifest.sha256) {
    throw new SoundalikeError('SHARD_DAMAGED', `${path} is not what its manifest names: ${remedy}`);
  }
  return bytes;
}
