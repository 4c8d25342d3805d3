import {
  type ClusteringRequest,
  clusteringPaths,
  listClusterings,
  listUnfinishedClusterings,
  readClusteringRequest,
  readClusteringResult,
} from '../store/clustering.ts';
import type { Documents } from '../store/documents.ts';
import { readCommand } from '../store/run-command.ts';
import { listResults } from '../store/task-results.ts';
import { currentStep, type Step } from './cluster-steps.ts';
import type { Queues } from './queues.ts';
import { UNDER_WAY } from './registry.ts';

/**
 * After a job: gives out the jobs of the next step where the last job of a step is done; else another job of the step, or the next
 * comparison with the data folder, sees to that. After the last step, gives out the documents.
 */
export async function nextClusterStep(
  dataDir: string,
  queues: Queues,
  run: string,
  clustering: string,
): Promise<void> {
  const { request, step } = await readStep(dataDir, run, clustering);
  if (await readClusteringResult(dataDir, run, clustering)) await addDocuments(queues, request);
  else if (step.isNew && (await readCommand(dataDir, run)).command === 'go') {
    await addJobs(queues, request, step.lacking);
  }
}

/**
 * Brings the queue in line with the results of the run's clusterings: adds what is lacking of the step that each is at.
 *
 * @param retry Also gives out again what failed for good.
 * @returns Whether anything was added.
 */
export async function advanceClusterings(
  dataDir: string,
  queues: Queues,
  run: string,
  retry: boolean,
): Promise<boolean> {
  let added = false;
  for (const clustering of await listUnfinishedClusterings(dataDir, run)) {
    const { request, step } = await readStep(dataDir, run, clustering);
    const jobs: string[] = [];
    for (const task of step.lacking) {
      const job = await queues.stages.cluster.getJob(jobIdOf(request, task));
      const state = await job?.getState();
      if (state && (UNDER_WAY.has(state) || (state === 'failed' && !retry))) continue;
      // Done, failed or lost, and without a result: it would stand in the way of the new one.
      await job?.remove().catch(() => {});
      jobs.push(task);
    }
    await addJobs(queues, request, jobs);
    added ||= jobs.length > 0;
  }
  return added;
}

/**
 * Gives out again the documents of clusterings that are done but not noted as written.
 *
 * @returns Whether there were any.
 */
export async function publishClusterings(
  { dataDir, queues, documents }: { dataDir: string; queues: Queues; documents: Documents },
  run: string,
): Promise<boolean> {
  let added = false;
  for (const clustering of await listClusterings(dataDir, run)) {
    if (!(await readClusteringResult(dataDir, run, clustering))) continue;
    if (await documents.get('clusterings', clustering)) continue;
    const request = await readClusteringRequest(dataDir, run, clustering);
    const job = await queues.stages.documents.getJob(jobIdOf(request, 'documents'));
    const state = await job?.getState();
    if (state && UNDER_WAY.has(state)) continue;
    await job?.remove().catch(() => {});
    await addDocuments(queues, request);
    added = true;
  }
  return added;
}

/** Takes the jobs of a run's clusterings off the queue, but for those under way, whose locks protect them. */
export async function withdrawClusterings(dataDir: string, queues: Queues, run: string): Promise<void> {
  for (const clustering of await listUnfinishedClusterings(dataDir, run)) {
    const { request, step } = await readStep(dataDir, run, clustering);
    for (const task of step.lacking) await queues.stages.cluster.remove(jobIdOf(request, task));
  }
}

async function readStep(
  dataDir: string,
  run: string,
  clustering: string,
): Promise<{ request: ClusteringRequest; step: Step }> {
  const request = await readClusteringRequest(dataDir, run, clustering);
  const committed = await listResults(clusteringPaths(dataDir, run, clustering).results);
  return { request, step: currentStep(request.parts.length, committed) };
}

async function addJobs(queues: Queues, request: ClusteringRequest, tasks: readonly string[]): Promise<void> {
  if (tasks.length === 0) return;
  const { run, clustering } = request;
  await queues.stages.cluster.addBulk(
    tasks.map((task) => ({
      name: 'cluster',
      data: { run, clustering, task },
      opts: { jobId: jobIdOf(request, task) },
    })),
  );
}

async function addDocuments(queues: Queues, request: ClusteringRequest): Promise<void> {
  const { run, clustering } = request;
  const jobId = jobIdOf(request, 'documents');
  await queues.stages.documents.add('documents', { run, clustering }, { jobId });
}

/**
 * Deterministic, so that adding a job twice adds it once; but not that of a clustering that was deleted and asked for
 * again.
 */
function jobIdOf({ run, clustering, askedAt }: ClusteringRequest, task: string): string {
  return [run, 'cluster', clustering, Date.parse(askedAt).toString(36), task].join('_');
}
