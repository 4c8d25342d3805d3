import { rm } from 'node:fs/promises';
import { readClusteringResult } from '../store/clustering.ts';
import { listResults } from '../store/task-results.ts';
import { type ClusterContext, openClusterContext } from './cluster-context.ts';
import { finish } from './cluster-finish.ts';
import { addUp, start, survey, update } from './cluster-iterations.ts';
import { measure, mergeStatistics, score } from './cluster-measures.ts';

/** The work of each step, by the name that its jobs begin with (src/jobs/cluster-steps.ts). */
const WORK: Record<string, (context: ClusterContext, ...numbers: number[]) => Promise<void>> = {
  survey,
  start,
  sums: addUp,
  update,
  measure,
  statistics: mergeStatistics,
  score,
  finish,
};

/**
 * Does one job of a distributed K-Means. It may be done twice, at once or late: its result is committed once, and what
 * comes after a clustering is done changes nothing.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, INDEX_NOT_FOUND, INDEX_DAMAGED, SHARD_DAMAGED, DATA_DIR_UNUSABLE
 */
export async function runClusterTask(
  dataDir: string,
  run: string,
  clustering: string,
  task: string,
): Promise<void> {
  const [step, ...numbers] = task.split('-');
  const work = WORK[step];
  if (!work) throw new RangeError(`no job of a clustering is named ${task}`);
  const context = await openClusterContext(dataDir, run, clustering);
  try {
    if (!(await isDone(context, task))) await work(context, ...numbers.map(Number));
  } catch (error) {
    // Its results are cleared away once a clustering is done, perhaps under the hands of a job given out twice.
    if (!(await readClusteringResult(dataDir, run, clustering))) throw error;
  }
  if (await readClusteringResult(dataDir, run, clustering)) {
    await rm(context.results, { recursive: true, force: true });
  }
}

async function isDone({ dataDir, request, results }: ClusterContext, task: string): Promise<boolean> {
  if (await readClusteringResult(dataDir, request.run, request.clustering)) return true;
  const committed = await listResults(results);
  if (task === 'start') return committed.has('centres-0');
  if (!task.startsWith('update-')) return committed.has(task);
  const next = Number(task.slice('update-'.length)) + 1;
  return committed.has('final') || committed.has(`centres-${next}`);
}
