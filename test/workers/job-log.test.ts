import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import { expect, it, onTestFinished } from 'vitest';
import { openAttempts } from '../../src/store/attempt-log.ts';
import { createJobLog, type JobLog } from '../../src/workers/job-log.ts';
import { BACKENDS } from '../support/backends.ts';
import { temporaryFolder } from '../support/temporary.ts';

const run = 'run-a';
const id = `${run}_documents_p1`;

const until = (what: () => boolean | Promise<boolean>) =>
  expect.poll(what, { timeout: 15_000, interval: 20 }).toBe(true);

it.each(Object.entries(BACKENDS).map(([name, use]) => ({ name, backend: use() })))(
  'knows the end of each attempt at a job that the queue has lost ($name)',
  { timeout: 60_000 },
  async ({ backend }) => {
    const dataDir = await temporaryFolder();
    const jobLog: JobLog = createJobLog(dataDir, 'worker', (error) => {
      throw error;
    });
    /** Ends each attempt, in the order of their beginnings. */
    const ends: (() => void)[] = [];
    const processor = () => new Promise<void>((resolve) => ends.push(resolve));
    const options = { concurrency: 3, name: 'worker' };
    const worker: Worker = backend.queues.createWorker('documents', processor, options, jobLog.end);
    onTestFinished(async () => {
      for (const end of ends) end();
      await worker.close();
    });
    jobLog.follow('documents', worker);
    const queue = backend.queues.stages.documents;
    const add = (): Promise<Job> => queue.add('documents', { run, partition: 'p1' }, { jobId: id });

    await add();
    await until(() => ends.length === 1);
    // As FLUSHALL does it, and what the coordinator then adds goes to the same process.
    await queue.obliterate({ force: true });
    await add();
    await until(() => ends.length === 2);
    expect(jobLog.current()).toHaveLength(2);

    ends[0]!();
    await until(() => jobLog.current().length === 1);
    // The second attempt goes on, whatever BullMQ says of the first.
    await sleep(200);
    expect(jobLog.current()).toHaveLength(1);
    ends[1]!();
    await until(() => jobLog.current().length === 0);
    await jobLog.written();

    const attempts = await openAttempts(dataDir, run)();
    expect(attempts.map(({ event }) => event)).toEqual(['put off', 'done']);
    expect(await queue.getJobCounts('active', 'waiting', 'completed')).toEqual({
      active: 0,
      waiting: 0,
      completed: 1,
    });
  },
);
