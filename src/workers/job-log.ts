import type { Job, Worker } from 'bullmq';
import { PUT_OFF, type StageName } from '../jobs/registry.ts';
import type { WorkerStatus } from '../jobs/run-status.ts';
import { type AttemptLine, appendAttempt } from '../store/attempt-log.ts';

export interface JobLog {
  /** Follows the jobs of a stage's worker, which tells `end` of the end of each attempt. */
  follow(stage: StageName, worker: Worker): void;
  end(job: Job): void;
  /** The jobs under way. */
  current(): WorkerStatus['current'];
  /** Resolves when all is written. */
  written(): Promise<void>;
}

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
  // By attempt, as BullMQ has an object for each: a job that the queue has lost is given out again under the same id,
  // perhaps to this process.
  const underWay = new Map<Job, Begun>();
  let attempts = 0;
  let writing = Promise.resolve();

  const note = ({ number, job }: Begun, event: AttemptLine['event'], reason?: string) => {
    const { run, stage, partition } = job;
    const line = { attempt: number, stage, partition, at: Date.now(), event, ...(reason && { reason }) };
    // One after the other, so that an end stands behind its beginning.
    writing = writing.then(() => appendAttempt(dataDir, run, worker, line)).catch(onError);
  };

  const end = (job: Job | undefined, event: AttemptLine['event'], reason?: string) => {
    const begun = job && underWay.get(job);
    if (!begun) return;
    underWay.delete(job);
    note(begun, event, reason);
  };

  return {
    follow(stage, bullmqWorker) {
      bullmqWorker.on('active', (job: Job) => {
        const { run, partition = null, clustering, task } = job.data;
        const begun = {
          number: ++attempts,
          job: { stage, run, partition: clustering ? `${clustering} ${task ?? ''}`.trim() : partition },
        };
        underWay.set(job, begun);
        note(begun, 'begun');
      });
      bullmqWorker.on('progress', (job: Job, progress) => {
        if (progress === PUT_OFF) end(job, 'put off');
      });
      bullmqWorker.on('completed', (job) => end(job, 'done'));
      // A job that BullMQ gives out again has no time at which it was finished.
      bullmqWorker.on('failed', (job, error) =>
        end(job, job?.finishedOn ? 'given up' : 'failed', error.message),
      );
    },
    // What ended with none of these events was put off, or the queue had lost it or given it to another worker.
    end: (job) => end(job, 'put off'),
    current: () => Array.from(underWay.values(), ({ job }) => job),
    written: () => writing,
  };
}
