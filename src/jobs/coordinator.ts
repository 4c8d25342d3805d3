import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { FlowJob, Job } from 'bullmq';
import { type SourceReaders, snapshotSource } from '../dataset/load.ts';
import type { DatasetRequest } from '../dataset/track.ts';
import type { Documents } from '../store/documents.ts';
import { hasIndex, makeCurrent, readCurrentId } from '../store/index-folder.ts';
import { listCommitted } from '../store/manifest-files.ts';
import type { PartitionEntry, Plan, RunSettings } from '../store/plan.ts';
import { readPlan } from '../store/plan-files.ts';
import { readCommand, writeCommand } from '../store/run-command.ts';
import { isComplete, readSuccess, removeSuccess } from '../store/run-outcome.ts';
import type { RunRequest } from '../store/run-request.ts';
import { writeRequest } from '../store/runs.ts';
import { advanceClusterings, publishClusterings, withdrawClusterings } from './cluster-coordinator.ts';
import type { Queues } from './queues.ts';
import { jobId, jobOptions, type StageName, UNDER_WAY } from './registry.ts';
import { withdrawRun } from './withdraw.ts';

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
  settings: RunSettings,
  readers: SourceReaders,
): Promise<RunRequest> {
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

/**
 * Writes down what was asked for. Of a run that is done already, the index becomes the live one again; where it
 * was deleted, the run is no longer done.
 */
export async function acceptRun(dataDir: string, request: RunRequest): Promise<void> {
  await writeRequest(dataDir, request);
  await writeCommand(dataDir, request.run, 'go');
  const success = await readSuccess(dataDir, request.run);
  if (!success || success.index === (await readCurrentId(dataDir))) return;
  if (await hasIndex(dataDir, success.index)) await makeCurrent(dataDir, success.index);
  else await removeSuccess(dataDir, request.run);
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
  const { command } = await readCommand(dataDir, run);
  if (command !== 'go') {
    const plan = await readPlan(dataDir, run);
    await withdrawRun(queues, run, plan ? (await lackingOf(dataDir, documents, plan, false)).lacking : []);
    await withdrawClusterings(dataDir, queues, run);
    return false;
  }
  const clusters =
    (await isComplete(dataDir, run)) && (await advanceClusterings(dataDir, queues, run, retry));
  if (clusters && !retry) return true;
  const publishes = retry && (await publishClusterings({ dataDir, queues, documents }, run));
  const indexId = jobId('index', run);
  const indexJob = await queues.stages.index.getJob(indexId);
  let indexState = await indexJob?.getState();
  if (retry && (indexState === 'waiting' || indexState === 'delayed')) {
    // Given out when the jobs before it were taken off the queue: it would only find that they are lacking.
    if (await queues.stages.index.remove(indexId)) indexState = undefined;
  }
  // The common case first: the run is under way, or it failed and nobody asked to try again.
  if (indexState === 'failed' && !retry) return false;
  if (indexState && UNDER_WAY.has(indexState)) return false;

  const plan = await readPlan(dataDir, run);
  if (plan === null) {
    const planId = jobId('plan', run);
    if (!(await clearWay(queues, 'plan', planId, retry))) return false;
    await queues.stages.plan.add('plan', { run }, { jobId: planId });
    return true;
  }

  // Counted before what lacks is looked for: what is finished in between is then lacking less, and never too much.
  const outstanding = indexState === 'waiting-children' ? await outstandingOf(indexJob!) : 0;
  const { committed, lacking } = await lackingOf(dataDir, documents, plan, retry);
  // Longest first: the last partitions of a run then are short, and the workers end together.
  lacking.sort((a, b) => b.bytes - a.bytes);
  const children = lacking.map(({ id }) => documentsJob(run, id, !committed.has(id)));
  const extracted = plan.partitions.every(({ id }) => committed.has(id));

  if (extracted && (await isComplete(dataDir, run))) {
    if (!retry || children.length === 0) return clusters || publishes;
    for (const { id } of lacking) await removeFinished(queues, 'documents', jobId('documents', run, id));
    await addInBatches(queues, children);
    return true;
  }

  const parent = { id: indexId, queue: queues.stages.index.qualifiedName };
  const withParent = (jobs: FlowJob[]) => jobs.map((job) => ({ ...job, opts: { ...job.opts, parent } }));
  // A coordinator that died between two batches leaves a flow with too few children, and so does a run that was to
  // stop and goes on while jobs of it are under way.
  const grows = indexState === 'waiting-children' && outstanding < lacking.length;
  if (indexState === 'waiting-children' && !retry && !grows) return false;
  const anew =
    indexState !== 'waiting-children' || retry ? await clearWay(queues, 'index', indexId, retry) : false;
  if (!anew && !grows) return false;
  // Finished jobs of an earlier flow would stand in the way of new ones of the same id.
  for (const { id } of anew || retry ? lacking : []) {
    await removeFinished(queues, 'documents', jobId('documents', run, id));
    await removeFinished(queues, 'extract', jobId('extract', run, id));
  }
  if (!anew) {
    await addInBatches(queues, withParent(children));
    return true;
  }
  await queues.flow.add({
    name: 'index',
    queueName: 'index',
    data: { run },
    opts: { ...jobOptions.index, jobId: indexId },
    children: children.slice(0, CHILDREN_A_BATCH),
  });
  await addInBatches(queues, withParent(children.slice(CHILDREN_A_BATCH)));
  return true;
}

/** Children of a run's index job that are not done: under way, waiting, or failed for good. */
async function outstandingOf(indexJob: Job): Promise<number> {
  const { unprocessed = 0, failed = 0, ignored = 0 } = await indexJob.getDependenciesCount();
  return unprocessed + failed + ignored;
}

/** The partitions that are analysed, and those of which analysis or documents are lacking. */
async function lackingOf(
  dataDir: string,
  documents: Documents,
  plan: Plan,
  retry: boolean,
): Promise<{ committed: Set<string>; lacking: PartitionEntry[] }> {
  const committed = await listCommitted(dataDir, plan.run);
  const published = await publishedPartitions(documents, plan, retry);
  return { committed, lacking: plan.partitions.filter(({ id }) => !committed.has(id) || !published.has(id)) };
}

/**
 * The partitions whose documents are noted as written. The notes are worth nothing where the documents
 * themselves were dropped, which is looked for when somebody asks to try again.
 */
async function publishedPartitions(
  documents: Documents,
  { run, partitions }: Plan,
  retry: boolean,
): Promise<Set<string>> {
  const notes = await documents.find('partitions', { run });
  const planned = new Set(partitions.map(({ id }) => id));
  // Those of partitions that a retry has replaced would be counted as done.
  const replaced = notes.filter(({ partition }) => !planned.has(String(partition)));
  if (replaced.length > 0) {
    await documents.remove(
      'partitions',
      replaced.map(({ _id }) => _id),
    );
  }
  if (retry && (await documents.count('tracks', {})) === 0) return new Set();
  return new Set(notes.map(({ partition }) => String(partition)));
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
 * Makes room for a new plan or index job.
 *
 * @param retry Whether a job that failed may be removed, and a flow that is stuck.
 * @returns False where the job is under way (or failed, and is to stay).
 */
async function clearWay(
  queues: Queues,
  stage: 'plan' | 'index',
  id: string,
  retry: boolean,
): Promise<boolean> {
  const job: Job | undefined = await queues.stages[stage].getJob(id);
  if (!job) return true;
  const state = await job.getState();
  const stays = state === 'failed' || state === 'waiting-children';
  if (UNDER_WAY.has(state) || (stays && !retry)) return false;
  try {
    await job.remove({ removeChildren: state === 'waiting-children' });
    return true;
  } catch {
    // A worker holds the job or one of its children: the run is under way.
    return false;
  }
}

/** Jobs that wait or run are left alone: adding one again only ties it to its new parent. */
async function removeFinished(queues: Queues, stage: 'extract' | 'documents', id: string): Promise<void> {
  const job: Job | undefined = await queues.stages[stage].getJob(id);
  const state = await job?.getState();
  if (job && state && !UNDER_WAY.has(state) && state !== 'waiting-children') {
    await job.remove({ removeChildren: false });
  }
}
