import { featureVersionOf } from '../../src/audio/analysis-settings.ts';
import { PRESETS } from '../../src/audio/descriptors.ts';
import { commitPartition } from '../../src/store/commit.ts';
import { writePlan } from '../../src/store/plan-files.ts';
import { writeRequest } from '../../src/store/runs.ts';
import type { ShardRow } from '../../src/store/shard.ts';
import { buildIndex } from '../../src/workers/build-index.ts';
import { sampleHead, samplePartitions } from './plans.ts';

/** The smallest preset: of the others a shard has hundreds of columns. */
const descriptors = PRESETS.minimal;
const featureVersion = featureVersionOf({ preset: 'minimal', window: null, ffmpeg: null });

/**
 * A run of these rows (in the order of ids), cut into partitions of `size`, and its index as the live one.
 *
 * @returns Id of the index.
 */
export async function finishRun(
  dataDir: string,
  run: string,
  rows: ShardRow[],
  { size = 3, root = '/music' }: { size?: number; root?: string } = {},
): Promise<string> {
  const head = { ...sampleHead, run, root, settings: { ...sampleHead.settings, featureVersion } };
  const { request, settings } = head;
  await writeRequest(dataDir, { run, request, settings, createdAt: '2026-01-01T00:00:00.000Z' });
  const count = Math.ceil(rows.length / size);
  const plan = await writePlan(dataDir, head, samplePartitions(count, 1));
  for (const [place, { id: partition }] of plan.partitions.entries()) {
    const own = rows.slice(place * size, (place + 1) * size);
    await commitPartition({
      dataDir,
      run,
      partition,
      attempt: '1',
      rows: own,
      failures: [],
      descriptors,
      featureVersion,
    });
  }
  return (await buildIndex(dataDir, run)).index;
}
