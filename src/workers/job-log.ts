import type { Job, Worker } from 'bullmq';
import { PUT_OFF, type StageName } from '../jobs/registry.ts';
import type { WorkerStatus } from '../jobs/run-status.ts';
import { type AttemptLine, appendAttempt } from '../store/attempt-log.ts';

export interface JobLog {
  /** Follows the jobs of a stage's worker. */
  follow(stage: StageName, worker: Worker): void;
  /** The jobs under way. */
  current(): WorkerStatus['current'];
  /** Resolves when all is written. */
  written(): Promise<void>;
}

/** BullMQ 6.7, finishedErrors: each names the job. */
const LOST = /^(Missing (key|lock)|Lock mismatch) for job|^Job .+ is not in the/;

interface Begun {
  number: number;
  job: WorkerStatus['current'][number];
}

/**
 * Notes beside each run what this process tries of it, and how it ends.
 *
 * @param worker The id of the worker's heartbeat.
 */
export function createJobLog(dataDir: string, worker: string, onError: (error: unknown) => void): JobLog {
  const underWay = new Map<string, Begun>();
  let attempts = 0;
  let writing = Promise.resolve();

  const note = ({ number, job }: Begun, event: AttemptLine['event'], reason?: string) => {
    const { run, stage, partition } = job;
    const line = { attempt: number, stage, partition, at: Date.now(), event, ...(reason && { reason }) };
    // One after the other, so that an end stands behind its beginning.
    writing = writing.then(() => appendAttempt(dataDir, run, worker, line)).catch(onError);
  };

  const end = (job: Job | undefined, event: AttemptLine['event'], reason?: string) => {
    const begun = job && underWay.get(job.id!);
    if (!begun) return;
    underWay.delete(job.id!);
    note(begun, event, reason);
  };

  return {
    follow(stage, bullmqWorker) {
      bullmqWorker.on('active', (job: Job) => {
        end(job, 'put off');
        const { run, partition = null } = job.data;
        const begun = { number: ++attempts, job: { stage, run, partition } };
        underWay.set(job.id!, begun);
        note(begun, 'begun');
      });
      bullmqWorker.on('progress', (job: Job, progress) => {
        if (progress === PUT_OFF) end(job, 'put off');
      });
      bullmqWorker.on('completed', (job) => end(job, 'done'));
      // Of a job that was lost from the queue, or given to another worker, BullMQ tells this alone when it ends.
      bullmqWorker.on('error', ({ message }) => {
        if (!LOST.test(message)) return;
        for (const [id, begun] of underWay) {
          if (!message.includes(id)) continue;
          underWay.delete(id);
          note(begun, 'put off', message);
        }
      });
      // A job that BullMQ gives out again has no time at which it was finished.
      bullmqWorker.on('failed', (job, error) =>
        end(job, job?.finishedOn ? 'given up' : 'failed', error.message),
      );
    },
    current: () => Array.from(underWay.values(), ({ job }) => job),
    written: () => writing,
  };
}
