import type { JobsOptions } from 'bullmq';
import { z } from 'zod';
import { listenerEventSchema } from '../store/listener-documents.ts';

/** The stages of a run. Each is a queue of the same name and one kind of job. */
export const STAGES = ['plan', 'extract', 'documents', 'index', 'cluster'] as const;

export type StageName = (typeof STAGES)[number];

/** Every queue: those of the stages, and what listeners do. */
export type QueueName = StageName | 'activity';

const run = z.string().min(1);
const partition = z.string().min(1);
const clustering = z.string().min(1);

/** What a job of each queue carries: ids and places, never vectors. */
export const payloadSchemas = {
  plan: z.object({ run }),
  extract: z.object({ run, partition }),
  /** Of a partition, or of a clustering. */
  documents: z.union([z.object({ run, partition }), z.object({ run, clustering })]),
  index: z.object({ run }),
  cluster: z.object({ run, clustering, task: z.string().min(1) }),
  activity: z.object({ listener: z.string().min(1), event: listenerEventSchema }),
} satisfies Record<QueueName, z.ZodType>;

export type Payload<Name extends QueueName> = z.infer<(typeof payloadSchemas)[Name]>;

/** The progress of a job that a forked processor puts off: it waits again, neither done nor failed. */
export const PUT_OFF = 'put off';

/** Finished jobs kept for the dashboard; the data folder, not the queue, is the record of a run. */
const KEPT_JOBS = 5_000;

const commonOptions: JobsOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  removeOnComplete: { count: KEPT_JOBS },
  removeOnFail: { count: KEPT_JOBS },
  stackTraceLimit: 10,
};

/** Default options of each queue's jobs. */
export const jobOptions: Record<QueueName, JobsOptions> = {
  plan: commonOptions,
  // A file server that restarts is back within half a minute: 5 + 10 + 20 s.
  extract: { ...commonOptions, attempts: 4, backoff: { type: 'exponential', delay: 5_000, jitter: 0.5 } },
  // A database that restarts or fails over is back within minutes: 1 + 2 + … + 256 s, about 8 minutes in all.
  documents: { ...commonOptions, attempts: 10 },
  index: commonOptions,
  cluster: commonOptions,
  // As documents. What is done is in the database, and nobody else's business.
  activity: { ...commonOptions, attempts: 10, removeOnComplete: true },
};

/** The id of a job. It is deterministic, so that adding a job twice adds it once while the first is in the queue. */
export function jobId(stage: StageName, runId: string, partitionId?: string): string {
  return [runId, stage, partitionId].filter((part) => part !== undefined).join('_');
}

/**
 * States in which a job will be done without further help. Not among them is `unknown`: a Redis that was killed
 * may have lost the list that a job stood on (its file is synced once a second) and kept the job.
 */
export const UNDER_WAY: ReadonlySet<string> = new Set(['active', 'waiting', 'delayed', 'prioritized']);
