import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { FlowJob, Job } from 'bullmq';
import { FEATURE_VERSION } from '../audio/descriptors.ts';
import { type SourceReaders, snapshotSource } from '../dataset/load.ts';
import type { DatasetRequest } from '../dataset/track.ts';
import type { Documents } from '../store/documents.ts';
import { makeCurrent, readCurrentId } from '../store/index-folder.ts';
import { listCommitted } from '../store/manifest-files.ts';
import type { RunSettings } from '../store/plan.ts';
import { readPlan } from '../store/plan-files.ts';
import { readSuccess } from '../store/run-outcome.ts';
import type { RunRequest } from '../store/run-request.ts';
import { writeRequest } from '../store/runs.ts';
import type { Queues } from './queues.ts';
import { jobId, jobOptions, type StageName } from './registry.ts';

/** Children that one call adds; more would block the queue's server for long. */
const CHILDREN_A_BATCH = 500;

/** What a coordinator needs: the truth on the disk, and the queue to bring in line with it. */
export interface Coordination {
  dataDir: string;
  queues: Queues;
  documents: Documents;
}

/**
 * Finds at once what is wrong with a source, and names the run; writes nothing.
 *
 * The id depends on the request, the settings and the listing of the source alone: asking twice for the same
 * thing is one run, and a collection that changed is a new one.
 *
 * @throws SoundalikeError SOURCE_…, METADATA_…
 */
export async function identifyRun(
  request: DatasetRequest,
  maximumSeconds: number,
  readers: SourceReaders,
): Promise<RunRequest> {
  const settings: RunSettings = { featureVersion: FEATURE_VERSION, maximumSeconds };
  const { digest } = await snapshotSource(request, readers);
  const identity = createHash('sha256')
    .update(JSON.stringify([request, settings, digest]))
    .digest('hex');
  const name = basename(
    request.source.startsWith('mongodb') ? new URL(request.source).pathname : request.source,
  )
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const run = `${name.slice(0, 24) || 'run'}-${identity.slice(0, 10)}`;
  return { run, request, settings, createdAt: new Date().toISOString() };
}

/** Writes down what was asked for. Of a run that is done already, the index becomes the live one again. */
export async function acceptRun(dataDir: string, request: RunRequest): Promise<void> {
  await writeRequest(dataDir, request);
  const success = await readSuccess(dataDir, request.run);
  if (success && success.index !== (await readCurrentId(dataDir))) await makeCurrent(dataDir, success.index);
}

/**
 * Brings the queue in line with the data folder: adds what the run still lacks, and nothing else. It may be
 * called at any time and from any process.
 *
 * @param retry Also gives out again what failed for good or was lost from the queue.
 * @returns Whether anything was added.
 */
export async function advanceRun(
  { dataDir, queues, documents }: Coordination,
  run: string,
  retry: boolean,
): Promise<boolean> {
  const plan = await readPlan(dataDir, run);
  if (plan === null) {
    if (!(await clearWay(queues, 'plan', jobId('plan', run), retry))) return false;
    await queues.stages.plan.add('plan', { run }, { jobId: jobId('plan', run) });
    return true;
  }

  const committed = await listCommitted(dataDir, run);
  const published = new Set(
    (await documents.find('partitions', { run })).map(({ partition }) => String(partition)),
  );
  const lacking = plan.partitions.filter(({ id }) => !published.has(id));
  // Longest first: the last partitions of a run then are short, and the workers end together.
  lacking.sort((a, b) => b.bytes - a.bytes);
  const children = lacking.map(({ id }) => documentsJob(run, id, !committed.has(id)));

  if (await readSuccess(dataDir, run)) {
    if (!retry || children.length === 0) return false;
    await Promise.all(
      lacking.map(({ id }) => clearWay(queues, 'documents', jobId('documents', run, id), true)),
    );
    await addInBatches(queues, children);
    return true;
  }

  const index = jobId('index', run);
  if (!(await clearWay(queues, 'index', index, retry))) return false;
  // Jobs of an earlier flow would stand in the way of new ones of the same id.
  for (const { id } of lacking) {
    await clearWay(queues, 'documents', jobId('documents', run, id), true);
    await clearWay(queues, 'extract', jobId('extract', run, id), true);
  }
  await queues.flow.add({
    name: 'index',
    queueName: 'index',
    data: { run },
    opts: { ...jobOptions.index, jobId: index },
    children: children.slice(0, CHILDREN_A_BATCH),
  });
  const parent = { id: index, queue: queues.stages.index.qualifiedName };
  await addInBatches(
    queues,
    children.slice(CHILDREN_A_BATCH).map((child) => ({ ...child, opts: { ...child.opts, parent } })),
  );
  return true;
}

/** The documents of a partition, after its extraction where no manifest stands yet. */
function documentsJob(run: string, partition: string, extract: boolean): FlowJob {
  const data = { run, partition };
  // One partition that fails for good must not hold up the others; the index stage counts what is missing.
  const child = (stage: StageName) => ({
    ...jobOptions[stage],
    jobId: jobId(stage, run, partition),
    ignoreDependencyOnFailure: true,
  });
  const job = { name: 'documents', queueName: 'documents', data, opts: child('documents') };
  if (!extract) return job;
  return { ...job, children: [{ name: 'extract', queueName: 'extract', data, opts: child('extract') }] };
}

async function addInBatches(queues: Queues, jobs: FlowJob[]): Promise<void> {
  for (let start = 0; start < jobs.length; start += CHILDREN_A_BATCH) {
    await queues.flow.addBulk(jobs.slice(start, start + CHILDREN_A_BATCH));
  }
}

/**
 * Makes room for a new job of this id.
 *
 * @param retry Whether a job that failed may be removed, and a flow that is stuck.
 * @returns False where a job of this id is under way (or failed, and is to stay).
 */
async function clearWay(queues: Queues, stage: StageName, id: string, retry: boolean): Promise<boolean> {
  const job: Job | undefined = await queues.stages[stage].getJob(id);
  if (!job) return true;
  const state = await job.getState();
  const removable = state === 'completed' || (retry && (state === 'failed' || state === 'waiting-children'));
  if (!removable) return false;
  try {
    await job.remove({ removeChildren: state === 'waiting-children' });
    return true;
  } catch {
    // A worker holds the job or one of its children: the run is under way.
    return false;
  }
}
