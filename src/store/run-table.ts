import { DESCRIPTOR_NAMES, type DescriptorName } from '../audio/descriptors.ts';
import type { Manifest } from './manifest.ts';
import { readManifests, readShardBytes } from './manifest-files.ts';
import { requirePlan } from './plan-files.ts';
import { readShard } from './read-shard.ts';
import type { ShardRow } from './shard.ts';

export interface RunTable {
  /** Those that every row has the statistics of. */
  descriptors: DescriptorName[];
  rows: AsyncGenerator<ShardRow>;
}

/**
 * The rows of a finished run, in the order of its plan, with one shard in memory at a time.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, RUN_INCOMPLETE; the rows SHARD_DAMAGED
 */
export async function openTable(dataDir: string, run: string): Promise<RunTable> {
  const plan = await requirePlan(dataDir, run);
  const manifests = await readManifests(dataDir, plan);
  const descriptors = DESCRIPTOR_NAMES.filter((name) =>
    manifests.some(({ moments }) => moments[`${name}_mean`]),
  );
  return { descriptors, rows: readRows(dataDir, manifests) };
}

async function* readRows(dataDir: string, manifests: Manifest[]): AsyncGenerator<ShardRow> {
  for (const manifest of manifests) {
    const bytes = await readShardBytes(dataDir, manifest);
    if (bytes) yield* await readShard(bytes);
  }
}
