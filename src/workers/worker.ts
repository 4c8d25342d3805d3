import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Job, Processor, Worker } from 'bullmq';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { advanceRun, type Coordination } from '../jobs/coordinator.ts';
import { startHeartbeat } from '../jobs/heartbeat.ts';
import { payloadSchemas, STAGES, type StageName } from '../jobs/registry.ts';
import type { WorkerStatus } from '../jobs/run-status.ts';
import { readSuccess } from '../store/run-outcome.ts';
import { listRuns } from '../store/runs.ts';
import { publishDocuments } from './publish-documents.ts';

/** A plan or an index keeps one process busy; documents wait for the database most of the time. */
const CONCURRENCY: Record<Exclude<StageName, 'extract'>, number> = { plan: 1, documents: 2, index: 1 };

export interface WorkerOptions extends Coordination {
  config: Config;
  log: Logger;
  /** The run to look after; without it, every run of the data folder that is not complete. */
  run?: string;
}

export interface RunningWorker {
  /** Takes no more jobs, waits for those under way (or drops them, where forced), and ends the processes. */
  close(force?: boolean): Promise<void>;
}

/**
 * Starts a worker for every stage in this process, with forked processors for all that computes.
 *
 * @throws Error where a processor is missing from the build.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { config, dataDir, documents, queues, log } = options;
  const processors: Record<StageName, Processor | URL> = {
    plan: new URL('./plan.processor.js', import.meta.url),
    extract: new URL('./extract.processor.js', import.meta.url),
    documents: async (job: Job) => {
      const { run, partition } = payloadSchemas.documents.parse(job.data);
      return publishDocuments(dataDir, documents, run, partition);
    },
    index: new URL('./index.processor.js', import.meta.url),
  };
  for (const processor of Object.values(processors)) {
    if (processor instanceof URL && !existsSync(processor)) {
      throw new Error(`the processor ${fileURLToPath(processor)} is missing: run \`npm run build\``);
    }
  }

  // The settings in force here, flags included, hold in the forked processes too.
  const workerForkOptions = {
    env: {
      ...process.env,
      ...Object.fromEntries(Object.entries(config).map(([setting, value]) => [setting, String(value)])),
    },
  };
  const name = `${hostname()}:${process.pid}`;
  const active = new Map<string, WorkerStatus['current'][number]>();
  const workers: Worker[] = STAGES.map((stage) => {
    const concurrency = stage === 'extract' ? config.CONCURRENCY : CONCURRENCY[stage];
    const worker = queues.createWorker(stage, processors[stage], { concurrency, workerForkOptions, name });
    worker.on('active', ({ id, data }) => {
      active.set(id!, { stage, run: data.run, partition: data.partition ?? null });
    });
    worker.on('completed', ({ id }) => active.delete(id!));
    worker.on('failed', (job, error) => {
      if (job) active.delete(job.id!);
      log.warn({ stage, job: job?.id, attempt: job?.attemptsMade }, error.message);
    });
    return worker;
  });

  const advance = (run: string) =>
    advanceRun(options, run, false).catch((error) =>
      log.error({ run, err: error }, 'the run could not be advanced'),
    );
  workers[STAGES.indexOf('plan')]!.on(
    'completed',
    (job) => void advance(payloadSchemas.plan.parse(job.data).run),
  );

  // A process that died between two stages, or a queue that was lost, is made good from the data folder.
  let reconciling = false;
  const reconcile = async () => {
    if (reconciling) return;
    reconciling = true;
    try {
      const runs = options.run ? [options.run] : (await listRuns(dataDir)).map(({ run }) => run);
      for (const run of runs) {
        if (!(await readSuccess(dataDir, run))) await advance(run);
      }
    } catch (error) {
      log.error({ err: error }, 'queue and data folder could not be compared');
    } finally {
      reconciling = false;
    }
  };
  await reconcile();
  const timer = setInterval(() => void reconcile(), config.LOCK_SECONDS * 1_000);
  const stopHeartbeat = startHeartbeat(
    documents,
    config.CONCURRENCY,
    () => [...active.values()],
    (error) => log.warn({ err: error }, 'the heartbeat could not be written'),
  );

  return {
    async close(force = false) {
      clearInterval(timer);
      await Promise.all(workers.map((worker) => worker.close(force)));
      await stopHeartbeat();
    },
  };
}
