import { open } from 'node:fs/promises';
import type { Track } from '../dataset/track.ts';
import { SoundalikeError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { canonicalJson, parseJson, readJsonFile } from './json-file.ts';
import { runPaths } from './paths.ts';
import {
  type Partition,
  type PartitionEntry,
  type Plan,
  partitionSchema,
  planSchema,
  type RunSettings,
} from './plan.ts';
import { applyRetries, readRetries } from './retries.ts';
import { readRequest } from './runs.ts';

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

function partitionId(tracks: Track[], settings: RunSettings): string {
  return sha256(canonicalJson({ settings, tracks })).slice(0, 16);
}

/**
 * Writes the plan of a run: plan.jsonl with one line a partition, then plan.json, so that where a plan.json is,
 * its lines are there too. The same inputs give the same bytes, so that writing a plan twice does no harm.
 *
 * @param partitions The tracks of each partition, in the order of track ids.
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function writePlan(
  dataDir: string,
  head: Omit<Plan, 'tracks' | 'bytes' | 'partitions'>,
  partitions: Track[][],
): Promise<Plan> {
  const entries: PartitionEntry[] = [];
  function* lines() {
    let offset = 0;
    for (const tracks of partitions) {
      const id = partitionId(tracks, head.settings);
      const line = canonicalJson({ id, tracks } satisfies Partition);
      const length = Buffer.byteLength(line);
      const bytes = sum(tracks.map((track) => track.bytes));
      entries.push({ id, tracks: tracks.length, bytes, offset, length });
      offset += length + 1;
      yield `${line}\n`;
    }
  }
  const paths = runPaths(dataDir, head.run);
  await writeFileAtomically(paths.partitions, lines());
  const plan: Plan = {
    ...head,
    tracks: sum(entries.map((entry) => entry.tracks)),
    bytes: sum(entries.map((entry) => entry.bytes)),
    partitions: entries,
  };
  await writeFileAtomically(paths.plan, canonicalJson(plan));
  return plan;
}

/** The plan of a run, as its retries have changed it; null where it is not planned yet. */
export async function readPlan(dataDir: string, run: string): Promise<Plan | null> {
  const plan = await readJsonFile(runPaths(dataDir, run).plan, planSchema);
  return plan && applyRetries(plan, await readRetries(dataDir, run));
}

/**
 * The plan of a run that must have one.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, RUN_INCOMPLETE
 */
export async function requirePlan(dataDir: string, run: string): Promise<Plan> {
  const plan = await readPlan(dataDir, run);
  if (plan) return plan;
  await readRequest(dataDir, run);
  throw new SoundalikeError('RUN_INCOMPLETE', `run ${run} is not planned yet: resume ${run}`);
}

/**
 * Reads one partition's tracks, and no more of plan.jsonl than its line.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE where the line is not that partition's.
 */
export async function readPartition(dataDir: string, run: string, entry: PartitionEntry): Promise<Partition> {
  const path = runPaths(dataDir, run).partitions;
  const planned = entry.retry?.planned ?? entry.id;
  const handle = await open(path, 'r');
  try {
    const line = Buffer.alloc(entry.length);
    await handle.read(line, 0, entry.length, entry.offset);
    return parseJson(
      line.toString(),
      partitionSchema.refine(
        ({ id }) => id === planned,
        `does not hold partition ${planned} where plan.json says`,
      ),
      path,
    );
  } finally {
    await handle.close();
  }
}
