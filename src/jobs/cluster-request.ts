import { SoundalikeError } from '../errors.ts';
import { ITERATIONS, usualClusters } from '../search/kmeans.ts';
import { type ClusteringRequest, clusteringIdOf, writeClusteringRequest } from '../store/clustering.ts';
import { runIndexFolder } from '../store/run-index.ts';
import { isComplete, type RunSuccess, readSuccess } from '../store/run-outcome.ts';
import { readRequest } from '../store/runs.ts';

/** A job of an iteration then takes some tens of milliseconds, many times what the queue takes. */
const ROWS_PER_JOB = 20_000;

export interface ClusteringOptions {
  /** By default the root of half the tracks, from 1 to 256. */
  clusters?: number;
  /** At most so many; by default 20. */
  iterations?: number;
  /** By default 1. */
  seed?: number;
  /** Consecutive tracks that a job takes, or somewhat more; by default 20,000. */
  rowsPerJob?: number;
}

/**
 * Writes down that the tracks of a finished run are to be clustered. The same run and options are the same clustering,
 * and one that was accepted before stays as it was.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, RUN_INCOMPLETE, INDEX_NOT_FOUND; USAGE where there are more clusters than tracks
 */
export async function acceptClustering(
  dataDir: string,
  run: string,
  options: ClusteringOptions,
): Promise<ClusteringRequest> {
  await readRequest(dataDir, run);
  const success = await readSuccess(dataDir, run);
  if (!success || !(await isComplete(dataDir, run))) {
    throw new SoundalikeError('RUN_INCOMPLETE', `the run ${run} has not finished: resume ${run} first`);
  }
  const { clusters = usualClusters(success.rows), iterations = ITERATIONS } = options;
  const { seed = 1, rowsPerJob = ROWS_PER_JOB } = options;
  if (clusters > success.rows) {
    throw new SoundalikeError(
      'USAGE',
      `${clusters} clusters are more than the ${success.rows} tracks of the run: ask for fewer`,
    );
  }
  await runIndexFolder(dataDir, success.index);
  const settings = { run, index: success.index, clusters, iterations, seed, rowsPerJob };
  const clustering = clusteringIdOf(settings);
  const parts = cutParts(success.files, rowsPerJob);
  const request = { ...settings, clustering, parts, askedAt: new Date().toISOString() };
  await writeClusteringRequest(dataDir, request);
  return request;
}

/** Puts consecutive shards together until they have rows enough. Depends on the run alone, not on who works on it. */
function cutParts(files: RunSuccess['files'], rowsPerJob: number): ClusteringRequest['parts'] {
  const parts: ClusteringRequest['parts'] = [];
  for (const { file, rows } of files) {
    const partition = file.slice(0, file.lastIndexOf('-'));
    const last = parts.at(-1);
    if (last && last.rows < rowsPerJob) {
      last.rows += rows;
      last.partitions.push(partition);
    } else parts.push({ rows, partitions: [partition] });
  }
  return parts;
}
