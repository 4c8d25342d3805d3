import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { advanceRun } from '../../src/jobs/coordinator.ts';
import { jobId } from '../../src/jobs/registry.ts';
import { createRunControl } from '../../src/jobs/run-control.ts';
import { commitPartition } from '../../src/store/commit.ts';
import type { Plan } from '../../src/store/plan.ts';
import { readPlan, writePlan } from '../../src/store/plan-files.ts';
import { readMongoCollection } from '../../src/store/read-mongo-collection.ts';
import { writeRequest } from '../../src/store/runs.ts';
import { BACKENDS } from '../support/backends.ts';
import { sampleHead, samplePartitions } from '../support/plans.ts';
import { sampleAnalysis } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

const { run } = sampleHead;

describe.each(Object.entries(BACKENDS))('the coordinator on %s', (_name, use) => {
  const backend = use();
  let dataDir: string;
  let plan: Plan;

  /** Partitions of one track, the first the largest. */
  const planned = async (partitions: number) => {
    const tracks = samplePartitions(partitions, 1);
    for (const [i, part] of tracks.entries()) part[0]!.bytes = 10_000 - i;
    plan = await writePlan(dataDir, sampleHead, tracks);
  };

  const advance = (retry = false) => advanceRun({ dataDir, ...backend }, run, retry);

  const counts = async () => {
    const { plan, extract, documents, index } = backend.queues.stages;
    return {
      plan: await plan.getWaitingCount(),
      extract: await extract.getWaitingCount(),
      documents: await documents.getWaitingChildrenCount(),
      index: await index.getWaitingChildrenCount(),
    };
  };

  const commit = (partition: string) =>
    commitPartition({ dataDir, run, partition, attempt: '1', rows: [], failures: [], ...sampleAnalysis });

  beforeEach(async () => {
    dataDir = await temporaryFolder();
    for (const queue of Object.values(backend.queues.stages)) await queue.obliterate({ force: true });
    const notes = await backend.documents.find('partitions', {});
    await backend.documents.remove(
      'partitions',
      notes.map(({ _id }) => _id),
    );
  });

  it('adds the plan once', async () => {
    expect(await advance()).toBe(true);
    expect(await advance()).toBe(false);
    expect(await counts()).toEqual({ plan: 1, extract: 0, documents: 0, index: 0 });
  });

  it('adds the whole flow once there is a plan, and once only', async () => {
    await planned(3);
    expect(await advance()).toBe(true);
    expect(await advance()).toBe(false);
    expect(await counts()).toEqual({ plan: 0, extract: 3, documents: 3, index: 1 });
  });

  it('gives out the longest partition first', async () => {
    await planned(3);
    await advance();
    const waiting = await backend.queues.stages.extract.getJobs(['waiting'], 0, 10, true);
    expect(waiting.map(({ data }) => data.partition)).toEqual(plan.partitions.map(({ id }) => id));
  });

  it('adds all partitions of a long plan', async () => {
    await planned(1_100);
    await advance();
    expect(await counts()).toEqual({ plan: 0, extract: 1_100, documents: 1_100, index: 1 });
  }, 120_000);

  it('rebuilds the flow from the plan and the manifests when the queue is lost', async () => {
    await planned(3);
    await advance();
    await commit(plan.partitions[1]!.id);
    for (const queue of Object.values(backend.queues.stages)) await queue.obliterate({ force: true });
    expect(await advance()).toBe(true);
    const extract = await backend.queues.stages.extract.getJobs(['waiting']);
    expect(extract.map(({ data }) => data.partition).sort()).toEqual(
      [plan.partitions[0]!.id, plan.partitions[2]!.id].sort(),
    );
    // Its documents are not known to be written, so they are written (again).
    expect(await backend.queues.stages.documents.getWaitingCount()).toBe(1);
  });

  it('adds neither extraction nor documents of a partition that is published', async () => {
    await planned(2);
    const done = plan.partitions[0]!.id;
    await commit(done);
    await backend.documents.upsert('partitions', [
      { _id: `${run}_${done}`, run, partition: done, sha256: null },
    ]);
    await advance();
    expect(await backend.queues.stages.extract.getJob(jobId('extract', run, done))).toBeUndefined();
    expect(await backend.queues.stages.documents.getJob(jobId('documents', run, done))).toBeUndefined();
    expect(await counts()).toEqual({ plan: 0, extract: 1, documents: 1, index: 1 });
  });

  it('gives out again what was lost from a flow that waits, when asked to', async () => {
    await planned(2);
    await advance();
    const lost = jobId('extract', run, plan.partitions[0]!.id);
    await (await backend.queues.stages.extract.getJob(lost))!.remove();
    expect(await advance(false)).toBe(false);
    expect(await advance(true)).toBe(true);
    expect(await counts()).toEqual({ plan: 0, extract: 2, documents: 2, index: 1 });
  });

  it('extracts again what is noted as published but no longer committed', async () => {
    await planned(2);
    for (const { id } of plan.partitions) {
      await backend.documents.upsert('partitions', [
        { _id: `${run}_${id}`, run, partition: id, sha256: null },
      ]);
    }
    await commit(plan.partitions[0]!.id);
    await advance();
    expect(await counts()).toEqual({ plan: 0, extract: 1, documents: 1, index: 1 });
  });

  it('writes the documents again where they were dropped, when asked to', async () => {
    await planned(1);
    const { id } = plan.partitions[0]!;
    await commit(id);
    await backend.documents.upsert('partitions', [{ _id: `${run}_${id}`, run, partition: id, sha256: null }]);
    await advance(true);
    expect(await backend.queues.stages.documents.getWaitingCount()).toBe(1);
  });

  it('completes a flow of which only the first batch was added', async () => {
    await planned(4);
    const children = plan.partitions.slice(0, 2).map(({ id }) => ({
      name: 'documents',
      queueName: 'documents',
      data: { run, partition: id },
      opts: { jobId: jobId('documents', run, id), ignoreDependencyOnFailure: true },
    }));
    await backend.queues.flow.add({
      name: 'index',
      queueName: 'index',
      data: { run },
      opts: { jobId: jobId('index', run) },
      children,
    });
    expect(await advance()).toBe(true);
    expect(await advance()).toBe(false);
    const index = await backend.queues.stages.index.getJob(jobId('index', run));
    expect((await index!.getDependenciesCount()).unprocessed).toBe(4);
  });

  const control = () => createRunControl({ dataDir, ...backend }, { readCollection: readMongoCollection });

  /** As `acceptRun` leaves it. */
  const accept = () =>
    writeRequest(dataDir, {
      run,
      request: sampleHead.request,
      settings: sampleHead.settings,
      createdAt: 'now',
    });

  it('takes the jobs of a run off the queue when it is paused, and gives them out again', async () => {
    await accept();
    await planned(3);
    await advance();
    const other = 'run-2';
    await backend.queues.stages.extract.add('extract', { run: other, partition: 'p' });
    await control().pause(run);
    expect(await counts()).toEqual({ plan: 0, extract: 1, documents: 0, index: 0 });
    expect(await advance(true)).toBe(false);
    await control().resume(run);
    expect(await counts()).toEqual({ plan: 0, extract: 4, documents: 3, index: 1 });
  });

  it('leaves a job under way alone when its run is cancelled, and completes the flow when it goes on', async () => {
    await accept();
    await planned(3);
    await advance();
    const { extract } = backend.queues.stages;
    const worker = new Promise<() => void>((begun) => {
      const taker = backend.queues.createWorker('extract', () => new Promise<void>((end) => begun(end)), {
        concurrency: 1,
      });
      onTestFinished(() => taker.close(true));
    });
    const end = await worker;
    await control().cancel(run);
    expect(await extract.getWaitingCount()).toBe(0);
    expect(await extract.getActiveCount()).toBe(1);
    await control().resume(run);
    // The flow that was there is completed; the job under way is one of its three.
    expect((await counts()).extract).toBe(2);
    const index = await backend.queues.stages.index.getJob(jobId('index', run));
    expect((await index!.getDependenciesCount()).unprocessed).toBe(3);
    end();
  });

  it('has failures analysed again by a partition in the place of the one that is committed', async () => {
    await accept();
    await planned(2);
    const [first, second] = plan.partitions.map(({ id }) => id);
    const failure = { path: 'a.mp3', message: 'away' };
    for (const [partition, code] of [
      [first!, 'AUDIO_UNREADABLE'],
      [second!, 'AUDIO_SILENT'],
    ] as const) {
      const failures = [{ ...failure, track: partition, code }];
      await commitPartition({ dataDir, run, partition, attempt: '1', rows: [], failures, ...sampleAnalysis });
      await backend.documents.upsert('partitions', [
        { _id: `${run}_${partition}`, run, partition, sha256: null },
      ]);
    }
    expect(await Promise.all([control().retry(run), control().retry(run)])).toContain(1);
    const retried = (await readPlan(dataDir, run))!;
    expect(retried.retries).toBe(1);
    expect(retried.partitions[1]).toEqual(plan.partitions[1]);
    expect(retried.partitions[0]).toEqual({
      ...plan.partitions[0],
      id: expect.not.stringContaining(first!),
      retry: { of: first, planned: first, codes: ['AUDIO_UNREADABLE'] },
    });
    expect(await counts()).toEqual({ plan: 0, extract: 1, documents: 1, index: 1 });
    // What the notes say of the partition that was replaced would count as done.
    expect(await backend.documents.count('partitions', { run })).toBe(1);
    expect(await control().retry(run, ['AUDIO_TOO_LONG'])).toBe(0);
  });
});
