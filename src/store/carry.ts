import { join } from 'node:path';
import { z } from 'zod';
import type { ClipFeatures } from '../audio/descriptors.ts';
import { SoundalikeError } from '../errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { canonicalJson, readJsonFile } from './json-file.ts';
import type { Manifest } from './manifest.ts';
import { listCommitted, readManifest, readShardBytes } from './manifest-files.ts';
import { runPaths } from './paths.ts';
import type { RunSettings } from './plan.ts';
import { readColumns, readShard } from './read-shard.ts';
import { listRuns } from './runs.ts';
import type { ShardRow } from './shard.ts';
import { SHARD_VERSION } from './shard-columns.ts';

/** Shards kept open: the rows of a partition come from one or two of an earlier run, as both are cut by id. */
const CACHED_SHARDS = 4;

/** runs/<run>/carry.json: which rows of other runs need no new analysis. */
interface CarryIndex {
  shards: { run: string; partition: string }[];
  /** By content hash: number of the shard, and row in it. */
  rows: Record<string, [shard: number, row: number]>;
}

const carrySchema: z.ZodType<CarryIndex> = z.object({
  shards: z.array(z.object({ run: z.string(), partition: z.string() })),
  rows: z.record(z.string(), z.tuple([z.int(), z.int()])),
});

/**
 * Writes down which contents other runs of the data folder have analysed with the same settings.
 *
 * @returns How many there are.
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function writeCarryIndex(dataDir: string, run: string, settings: RunSettings): Promise<number> {
  const shards: CarryIndex['shards'] = [];
  const rows = new Map<string, [shard: number, row: number]>();
  const same = canonicalJson(settings);
  const others = (await listRuns(dataDir))
    .filter((other) => other.run !== run && canonicalJson(other.settings) === same)
    .map((other) => other.run);
  for (const other of others.sort()) {
    for (const partition of [...(await listCommitted(dataDir, other))].sort()) {
      const manifest = await readManifest(dataDir, other, partition);
      if (!manifest?.file) continue;
      if (manifest.versions.features !== settings.featureVersion || manifest.versions.shard !== SHARD_VERSION)
        continue;
      const hashes = await readContentHashes(join(runPaths(dataDir, other).shards, manifest.file));
      const shard = shards.push({ run: other, partition }) - 1;
      hashes.forEach((hash, row) => {
        if (!rows.has(hash)) rows.set(hash, [shard, row]);
      });
    }
  }
  const index: CarryIndex = { shards, rows: Object.fromEntries(rows) };
  await writeFileAtomically(runPaths(dataDir, run).carry, canonicalJson(index));
  return rows.size;
}

/** A shard that is gone or damaged has nothing to carry over; the run that it is of reports it. */
async function readContentHashes(path: string): Promise<string[]> {
  try {
    return (await readColumns(path, ['content_hash'])).content_hash;
  } catch {
    return [];
  }
}

/**
 * Opens the carry index of a run.
 *
 * @returns Gives the features that another run found for a content; null where there are none, or where the
 *   shard is not what it was: the track is analysed anew.
 */
export async function openCarryIndex(
  dataDir: string,
  run: string,
): Promise<(contentHash: string) => Promise<ClipFeatures | null>> {
  const index = await readJsonFile(runPaths(dataDir, run).carry, carrySchema);
  const places = new Map(Object.entries(index?.rows ?? {}));
  const cache = new Map<number, Promise<ShardRow[]>>();

  function openShard(shard: number): Promise<ShardRow[]> {
    const rows = cache.get(shard) ?? readCommittedRows(dataDir, index!.shards[shard]);
    // A Map keeps the order of insertion: the first is the least recently used.
    cache.delete(shard);
    cache.set(shard, rows);
    // A fault of the disk may pass.
    rows.catch(() => cache.delete(shard));
    if (cache.size > CACHED_SHARDS) cache.delete(cache.keys().next().value!);
    return rows;
  }

  return async (contentHash) => {
    const place = places.get(contentHash);
    if (!place) return null;
    const row = (await openShard(place[0]))[place[1]];
    return row?.contentHash === contentHash ? row.features : null;
  };
}

async function readCommittedRows(
  dataDir: string,
  { run, partition }: { run: string; partition: string },
): Promise<ShardRow[]> {
  const manifest = await readManifest(dataDir, run, partition).catch(noneWhereDamaged);
  return manifest ? readShardRows(dataDir, manifest) : [];
}

/** The rows that a manifest names; none where the shard is damaged, and its tracks are analysed anew. */
export async function readShardRows(dataDir: string, manifest: Manifest): Promise<ShardRow[]> {
  const bytes = await readShardBytes(dataDir, manifest).catch(noneWhereDamaged);
  return bytes ? readShard(bytes) : [];
}

function noneWhereDamaged(error: unknown): null {
  if (error instanceof SoundalikeError) return null;
  throw error;
}
