import { availableParallelism, hostname } from 'node:os';
import { z } from 'zod';
import type { Documents } from '../store/documents.ts';
import { createUsageMeter } from './process-usage.ts';
import { STAGES } from './registry.ts';
import type { WorkerStatus } from './run-status.ts';

const INTERVAL_MS = 2_000;

/** A worker that was silent for so long is taken for dead, and is no longer shown. */
const EXPIRY_MS = 20_000;

const workerSchema = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.number(),
  concurrency: z.number(),
  cores: z.number(),
  busyCores: z.number().nullable(),
  memory: z.number().nullable(),
  current: z.array(z.object({ stage: z.enum(STAGES), run: z.string(), partition: z.string().nullable() })),
  seenAt: z.string(),
}) satisfies z.ZodType<WorkerStatus>;

const isLive = ({ seenAt }: WorkerStatus) => Date.now() - Date.parse(seenAt) < EXPIRY_MS;

async function knownWorkers(documents: Documents): Promise<WorkerStatus[]> {
  return (await documents.find('workers', {})).map((document) => workerSchema.parse(document));
}

/** The workers that are alive, in the order of their ids. */
export async function liveWorkers(documents: Documents): Promise<WorkerStatus[]> {
  return (await knownWorkers(documents)).filter(isLive);
}

/** Takes those off the list that were killed and could not do so themselves. */
async function forgetTheDead(documents: Documents): Promise<void> {
  const dead = (await knownWorkers(documents)).filter((worker) => !isLive(worker));
  if (dead.length > 0)
    await documents.remove(
      'workers',
      dead.map(({ id }) => id),
    );
}

/** The id of this process: no other has it, also not after a restart that gave the same number again. */
export function newWorkerId(): string {
  return `${hostname()}:${process.pid}:${Date.now().toString(36)}`;
}

/**
 * Tells every few seconds that this worker lives and what it does.
 *
 * @param current The jobs under way, asked at each beat.
 * @returns Stops the beat and takes the worker off the list.
 */
export function startHeartbeat(
  documents: Documents,
  { id, concurrency }: Pick<WorkerStatus, 'id' | 'concurrency'>,
  current: () => WorkerStatus['current'],
  onError: (error: unknown) => void,
): () => Promise<void> {
  const measure = createUsageMeter();

  const beat = async () => {
    const usage = await measure();
    const status: WorkerStatus = {
      id,
      host: hostname(),
      pid: process.pid,
      concurrency,
      cores: availableParallelism(),
      busyCores: usage?.cores ?? null,
      memory: usage?.bytes ?? null,
      current: current(),
      seenAt: new Date().toISOString(),
    };
    await documents.upsert('workers', [{ _id: id, ...status }]);
  };
  // A beat that is missed is made good by the next.
  let pending = forgetTheDead(documents).then(beat).catch(onError);
  const timer = setInterval(() => {
    pending = beat().catch(onError);
  }, INTERVAL_MS);
  return async () => {
    clearInterval(timer);
    await pending;
    await documents.remove('workers', [id]).catch(onError);
  };
}
