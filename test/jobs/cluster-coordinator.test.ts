import { cp } from 'node:fs/promises';
import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { nextClusterStep } from '../../src/jobs/cluster-coordinator.ts';
import { acceptClustering } from '../../src/jobs/cluster-request.ts';
import { advanceRun } from '../../src/jobs/coordinator.ts';
import { writeCommand } from '../../src/store/run-command.ts';
import { runClusterTask } from '../../src/workers/cluster-task.ts';
import { BACKENDS } from '../support/backends.ts';
import { finishRun } from '../support/finished-run.ts';
import { runClustering } from '../support/run-clustering.ts';
import { sampleRows } from '../support/shard-rows.ts';
import { removeFolder, suiteFolder, temporaryFolder } from '../support/temporary.ts';

const RUN = 'music-1';

describe.each(Object.entries(BACKENDS))('the coordinator of clusterings on %s', (_name, use) => {
  const backend = use();
  let prepared: string;
  let dataDir: string;
  let clustering: string;

  beforeAll(async () => {
    prepared = await suiteFolder();
    await finishRun(prepared, RUN, sampleRows(20), { size: 10 });
  });
  afterAll(() => removeFolder(prepared));

  beforeEach(async () => {
    dataDir = await temporaryFolder();
    await cp(prepared, dataDir, { recursive: true });
    for (const queue of Object.values(backend.queues.stages)) await queue.obliterate({ force: true });
    ({ clustering } = await acceptClustering(dataDir, RUN, { clusters: 3, rowsPerJob: 10 }));
  });

  const advance = (retry = false) => advanceRun({ dataDir, ...backend }, RUN, retry);
  const next = () => nextClusterStep(dataDir, backend.queues, RUN, clustering);
  const work = (task: string) => runClusterTask(dataDir, RUN, clustering, task);
  const waiting = async () => {
    const jobs = await backend.queues.stages.cluster.getJobs(['waiting']);
    return jobs.map(({ data }) => data.task).sort();
  };

  it('gives out a step once, and the next when all its jobs are done', async () => {
    expect(await advance()).toBe(true);
    expect(await advance()).toBe(false);
    expect(await waiting()).toEqual(['survey-0', 'survey-1']);
    await work('survey-0');
    await next();
    expect(await waiting()).toEqual(['survey-0', 'survey-1']);
    await work('survey-1');
    await Promise.all([next(), next()]);
    expect(await waiting()).toEqual(['start', 'survey-0', 'survey-1']);
  });

  it('gives out what is lacking when the queue is lost', async () => {
    await advance();
    await work('survey-1');
    await backend.queues.stages.cluster.obliterate({ force: true });
    expect(await advance()).toBe(true);
    expect(await waiting()).toEqual(['survey-0']);
  });

  it('gives out again what failed for good when asked to, and not before', async () => {
    await advance();
    const { cluster } = backend.queues.stages;
    const worker = backend.queues.createWorker(
      'cluster',
      async () => {
        throw new UnrecoverableError('away');
      },
      { concurrency: 1 },
    );
    onTestFinished(() => worker.close());
    await expect.poll(() => cluster.getFailedCount()).toBe(2);
    await worker.close();
    expect(await advance()).toBe(false);
    expect(await waiting()).toEqual([]);
    await advance(true);
    expect(await waiting()).toEqual(['survey-0', 'survey-1']);
  });

  it('takes the jobs off the queue when the run is paused, and begins no step', async () => {
    await advance();
    await writeCommand(dataDir, RUN, 'pause');
    await advance();
    expect(await waiting()).toEqual([]);
    await work('survey-0');
    await work('survey-1');
    await next();
    expect(await waiting()).toEqual([]);
    await writeCommand(dataDir, RUN, 'go');
    await advance();
    expect(await waiting()).toEqual(['start']);
  });

  it('gives out the documents of what is done, again where they are not noted as written', async () => {
    await runClustering(dataDir, await acceptClustering(dataDir, RUN, { clusters: 3, rowsPerJob: 10 }));
    const { documents } = backend.queues.stages;
    const given = async () => {
      const jobs = await documents.getJobs(['waiting']);
      return jobs.filter(({ data }) => data.clustering === clustering).length;
    };
    await next();
    expect(await given()).toBe(1);
    await documents.obliterate({ force: true });
    await advance(true);
    expect(await given()).toBe(1);
    await documents.obliterate({ force: true });
    await backend.documents.upsert('clusterings', [{ _id: clustering, run: RUN }]);
    await advance(true);
    expect(await given()).toBe(0);
  });
});
