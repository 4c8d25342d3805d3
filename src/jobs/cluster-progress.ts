import {
  clusteringPaths,
  listClusterings,
  readClusteringRequest,
  readClusteringResult,
} from '../store/clustering.ts';
import { listResults } from '../store/task-results.ts';
import { countJobs } from './cluster-steps.ts';

/** Jobs of the clusterings of a run. */
export interface ClusterProgress {
  clusterings: number;
  total: number;
  done: number;
}

/**
 * Opens the clusterings of a run.
 *
 * @returns Gives how far all of them are; null where none was asked for. What is done never changes, so it is read once.
 */
export function openClusterProgress(dataDir: string, run: string): () => Promise<ClusterProgress | null> {
  const finished = new Map<string, number>();

  async function progressOf(clustering: string): Promise<Pick<ClusterProgress, 'total' | 'done'>> {
    const jobs =
      finished.get(clustering) ?? (await readClusteringResult(dataDir, run, clustering))?.jobs ?? null;
    if (jobs !== null) {
      finished.set(clustering, jobs);
      return { total: jobs, done: jobs };
    }
    const { parts, iterations } = await readClusteringRequest(dataDir, run, clustering);
    const committed = await listResults(clusteringPaths(dataDir, run, clustering).results);
    return { total: countJobs(parts.length, iterations, committed), done: committed.size };
  }

  return async () => {
    const clusterings = await listClusterings(dataDir, run);
    if (clusterings.length === 0) return null;
    const all = { clusterings: clusterings.length, total: 0, done: 0 };
    for (const clustering of clusterings) {
      const { total, done } = await progressOf(clustering);
      all.total += total;
      all.done += done;
    }
    return all;
  };
}
