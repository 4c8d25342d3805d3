import { currentStep } from '../../src/jobs/cluster-steps.ts';
import { createRandom } from '../../src/search/random.ts';
import { type ClusteringRequest, clusteringPaths, readClusteringResult } from '../../src/store/clustering.ts';
import { listResults } from '../../src/store/task-results.ts';
import { runClusterTask } from '../../src/workers/cluster-task.ts';

/**
 * Does the jobs of a clustering without a queue: those of a step in a random order, some twice, at once.
 *
 * @returns The jobs that were done, in their order.
 */
export async function runClustering(
  dataDir: string,
  { run, clustering, parts }: ClusteringRequest,
  seed = 1,
): Promise<string[]> {
  const random = createRandom(seed);
  const { results } = clusteringPaths(dataDir, run, clustering);
  const done: string[] = [];
  while (!(await readClusteringResult(dataDir, run, clustering))) {
    const { lacking } = currentStep(parts.length, await listResults(results));
    const job = lacking[Math.floor(random.uniform() * lacking.length)];
    const times = random.uniform() < 0.3 ? 2 : 1;
    await Promise.all(Array.from({ length: times }, () => runClusterTask(dataDir, run, clustering, job)));
    done.push(job);
  }
  return done;
}
