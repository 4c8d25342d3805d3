import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Job, Processor, Worker } from 'bullmq';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { nextClusterStep } from '../jobs/cluster-coordinator.ts';
import { advanceRun, type Coordination } from '../jobs/coordinator.ts';
import { newWorkerId, startHeartbeat } from '../jobs/heartbeat.ts';
import { payloadSchemas, STAGES, type StageName } from '../jobs/registry.ts';
import { isClustering } from '../store/clustering.ts';
import { readCommand } from '../store/run-command.ts';
import { isComplete } from '../store/run-outcome.ts';
import { listRuns } from '../store/runs.ts';
import { createJobLog } from './job-log.ts';
import { publishClusters } from './publish-clusters.ts';
import { publishDocuments } from './publish-documents.ts';

/** A plan or an index keeps one process busy; documents wait for the database most of the time. */
const CONCURRENCY: Record<Exclude<StageName, 'extract' | 'cluster'>, number> = {
  plan: 1,
  documents: 2,
  index: 1,
};

/** How often the runs under way are looked at for whether they are to stop. */
const COMMAND_INTERVAL_MS = 2_000;

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
      const payload = payloadSchemas.documents.parse(job.data);
      return 'partition' in payload
        ? publishDocuments(dataDir, documents, payload.run, payload.partition)
        : publishClusters(dataDir, documents, payload.run, payload.clustering);
    },
    index: new URL('./index.processor.js', import.meta.url),
    cluster: new URL('./cluster.processor.js', import.meta.url),
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
  const id = newWorkerId();
  const jobLog = createJobLog(dataDir, id, (error) =>
    log.warn({ err: error }, 'the log of attempts could not be written'),
  );
  const workers: Worker[] = STAGES.map((stage) => {
    const concurrency = stage === 'extract' || stage === 'cluster' ? config.CONCURRENCY : CONCURRENCY[stage];
    const options = { concurrency, workerForkOptions, name };
    const worker = queues.createWorker(stage, processors[stage], options, jobLog.end);
    jobLog.follow(stage, worker);
    worker.on('failed', (job, error) => {
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
  workers[STAGES.indexOf('cluster')]!.on('completed', (job) => {
    const { run, clustering } = payloadSchemas.cluster.parse(job.data);
    nextClusterStep(dataDir, queues, run, clustering).catch((error) =>
      log.error({ run, clustering, err: error }, 'the clustering could not be advanced'),
    );
  });

  // A process that died between two stages, or a queue that was lost, is made good from the data folder.
  let reconciling = false;
  const reconcile = async () => {
    if (reconciling) return;
    reconciling = true;
    try {
      const runs = options.run ? [options.run] : (await listRuns(dataDir)).map(({ run }) => run);
      for (const run of runs) {
        if (!(await isComplete(dataDir, run)) || (await isClustering(dataDir, run))) await advance(run);
      }
    } catch (error) {
      log.error({ err: error }, 'queue and data folder could not be compared');
    } finally {
      reconciling = false;
    }
  };
  await reconcile();
  const timer = setInterval(() => void reconcile(), config.LOCK_SECONDS * 1_000);

  // Asked to stop by another process, perhaps one that cannot reach the queue.
  const stopping = new Set<string>();
  const obey = async () => {
    for (const run of new Set([...jobLog.current().map((job) => job.run), ...stopping])) {
      const stops = (await readCommand(dataDir, run)).command !== 'go';
      if (stops === stopping.has(run)) continue;
      if (stops) stopping.add(run);
      else stopping.delete(run);
      await advance(run);
    }
  };
  const commandTimer = setInterval(
    () => void obey().catch((error) => log.warn({ err: error }, 'what was asked of a run could not be read')),
    COMMAND_INTERVAL_MS,
  );
  const stopHeartbeat = startHeartbeat(
    documents,
    { id, concurrency: config.CONCURRENCY },
    jobLog.current,
    (error) => log.warn({ err: error }, 'the heartbeat could not be written'),
  );

  return {
    async close(force = false) {
      clearInterval(timer);
      clearInterval(commandTimer);
      await Promise.all(workers.map((worker) => worker.close(force)));
      await stopHeartbeat();
      await jobLog.written();
    },
  };
}
