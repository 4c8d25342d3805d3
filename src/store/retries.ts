import { join } from 'node:path';
import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { publishOnce } from './atomic-file.ts';
import { canonicalJson, readJsonFile } from './json-file.ts';
import { namesIn } from './names-in.ts';
import { runPaths } from './paths.ts';
import type { PartitionEntry, Plan } from './plan.ts';

/**
 * runs/<run>/retries/<n>.json: partitions of which failures are analysed again, written once. As a manifest is for
 * good, a partition of a new id takes the place of each: its attempt keeps the rows of the old one, analyses the failed
 * tracks again and commits a manifest of its own. Each track still stands once in shards and failures, and a shard has
 * the bytes that it would have had without the fault.
 */
export interface Retry {
  partitions: { id: string; of: string; codes: ErrorCode[] }[];
}

const retrySchema: z.ZodType<Retry> = z.object({
  partitions: z.array(
    z.object({
      id: z.string(),
      of: z.string(),
      codes: z.array(z.enum(Object.keys(ERRORS) as ErrorCode[])),
    }),
  ),
});

const retryFile = (dataDir: string, run: string, number: number) =>
  join(runPaths(dataDir, run).retries, `${number}.json`);

/** How often failures of a run were given out again. */
export async function countRetries(dataDir: string, run: string): Promise<number> {
  const names = await namesIn(runPaths(dataDir, run).retries);
  return names.filter((name) => /^\d+\.json$/.test(name)).length;
}

/** The retries of a run, the first first. */
export async function readRetries(dataDir: string, run: string): Promise<Retry[]> {
  const retries: Retry[] = [];
  for (let number = 1; number <= (await countRetries(dataDir, run)); number++) {
    const retry = await readJsonFile(retryFile(dataDir, run, number), retrySchema);
    if (retry) retries.push(retry);
  }
  return retries;
}

/** Puts the partitions of the retries in the places of those that they stand in for. */
export function applyRetries(plan: Plan, retries: readonly Retry[]): Plan {
  if (retries.length === 0) return plan;
  const successors = new Map(
    retries.flatMap(({ partitions }) => partitions.map((partition) => [partition.of, partition])),
  );
  const partitions = plan.partitions.map((planned): PartitionEntry => {
    let entry = planned;
    for (;;) {
      const next = successors.get(entry.id);
      if (!next) return entry;
      entry = { ...planned, id: next.id, retry: { of: next.of, planned: planned.id, codes: next.codes } };
    }
  });
  return { ...plan, partitions, retries: retries.length };
}

/**
 * Gives failures out again. Of several processes that do so at once, one succeeds.
 *
 * @param plan As it was when the failures were looked for.
 * @param failed The classes to analyse again, by partition.
 * @returns False where another retry came first.
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function writeRetry(
  dataDir: string,
  plan: Plan,
  failed: ReadonlyMap<string, readonly ErrorCode[]>,
): Promise<boolean> {
  const partitions = Array.from(failed, ([of, codes]) => {
    const id = sha256(canonicalJson({ of, codes })).slice(0, 16);
    return { id, of, codes: [...codes] };
  });
  const file = retryFile(dataDir, plan.run, (plan.retries ?? 0) + 1);
  return (await publishOnce(file, canonicalJson({ partitions } satisfies Retry))) === 'created';
}
