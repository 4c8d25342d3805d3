import { loadDataset } from '../dataset/load.ts';
import { cutPartitions } from '../dataset/partition.ts';
import { redactCredentials } from '../redact.ts';
import { writeCarryIndex } from '../store/carry.ts';
import { readPlan, writePlan } from '../store/plan-files.ts';
import { readMongoCollection } from '../store/read-mongo-collection.ts';
import { readRequest } from '../store/runs.ts';

/** Reads and cleans the collection, cuts it into partitions, and writes the plan. Done before: nothing to do. */
export async function planRun(dataDir: string, run: string): Promise<{ tracks: number; partitions: number }> {
  const existing = await readPlan(dataDir, run);
  if (existing) return { tracks: existing.tracks, partitions: existing.partitions.length };
  const { request, settings } = await readRequest(dataDir, run);
  const { root, tracks, report } = await loadDataset(request, { readCollection: readMongoCollection });
  await writeCarryIndex(dataDir, run, settings);
  // The credentials of a source are in the request, for this stage alone; a plan is read by everybody.
  const shown = { ...request, source: redactCredentials(request.source) };
  const head = { run, request: shown, settings, root, report };
  const plan = await writePlan(dataDir, head, cutPartitions(tracks));
  return { tracks: plan.tracks, partitions: plan.partitions.length };
}
