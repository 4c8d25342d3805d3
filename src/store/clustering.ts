import { join } from 'node:path';
import { z } from 'zod';
import { SoundalikeError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { publishOnce } from './atomic-file.ts';
import { exists } from './index-folder.ts';
import { canonicalJson, readJsonFile } from './json-file.ts';
import { namesIn } from './names-in.ts';
import { runPaths } from './paths.ts';

/** What decides a clustering of a run's tracks. */
export interface ClusteringSettings {
  run: string;
  /** Id of the index that the run made: the rows are scaled as it is. */
  index: string;
  clusters: number;
  /** At most so many. */
  iterations: number;
  seed: number;
  /** Consecutive rows that a job takes, or somewhat more. */
  rowsPerJob: number;
}

/** runs/<run>/clusterings/<clustering>/request.json: what was asked for, written once. */
export interface ClusteringRequest extends ClusteringSettings {
  /** Hash of the settings. */
  clustering: string;
  /** What the jobs of a step share out, in the order of the plan: partitions whose shards hold `rows` tracks. */
  parts: { rows: number; partitions: string[] }[];
  /** ISO 8601. */
  askedAt: string;
}

/** runs/<run>/clusterings/<clustering>/clustering.json: what came out. It holds no time. */
export interface ClusteringResult extends ClusteringSettings {
  clustering: string;
  tracks: number;
  /** Of Lloyd, until the centres stood still or the most allowed. */
  iterationsDone: number;
  /** Sum of the squared distances of the tracks to the centres of their clusters. */
  inertia: number;
  /** Mean silhouettes: with squared Euclidean distances as Spark's, with Euclidean ones as scikit-learn's. */
  silhouettes: { squared: number; euclidean: { mean: number; error: number; rows: number } };
  /** Tracks of each cluster. */
  sizes: number[];
  /** Jobs that it took. */
  jobs: number;
  /** Beside it, as Parquet: tracks (`id cluster distance silhouette`) and clusters (`cluster tracks centre`). */
  files: Record<'tracks' | 'clusters', { file: string; bytes: number; sha256: string }>;
}

const settings = {
  run: z.string(),
  index: z.string(),
  clusters: z.int().positive(),
  iterations: z.int().positive(),
  seed: z.int(),
  rowsPerJob: z.int().positive(),
  clustering: z.string(),
};

const requestSchema: z.ZodType<ClusteringRequest> = z.object({
  ...settings,
  parts: z.array(z.object({ rows: z.int().positive(), partitions: z.array(z.string()).min(1) })).min(1),
  askedAt: z.iso.datetime(),
});

const file = z.object({ file: z.string(), bytes: z.int(), sha256: z.string() });

const resultSchema: z.ZodType<ClusteringResult> = z.object({
  ...settings,
  tracks: z.int().positive(),
  iterationsDone: z.int(),
  inertia: z.number(),
  silhouettes: z.object({
    squared: z.number(),
    euclidean: z.object({ mean: z.number(), error: z.number(), rows: z.int() }),
  }),
  sizes: z.array(z.int()),
  jobs: z.int(),
  files: z.object({ tracks: file, clusters: file }),
});

/** The files of one clustering; `results` are those of its jobs, and gone once it is done. */
export function clusteringPaths(dataDir: string, run: string, clustering: string) {
  const folder = join(runPaths(dataDir, run).clusterings, clustering);
  return {
    folder,
    request: join(folder, 'request.json'),
    results: join(folder, 'results'),
    result: join(folder, 'clustering.json'),
  };
}

/** The same settings are the same clustering. */
export function clusteringIdOf(settings: ClusteringSettings): string {
  return sha256(canonicalJson(settings)).slice(0, 10);
}

/** Accepts a clustering. One that was accepted before stays as it was. @throws SoundalikeError DATA_DIR_UNUSABLE */
export async function writeClusteringRequest(dataDir: string, request: ClusteringRequest): Promise<void> {
  const { request: path } = clusteringPaths(dataDir, request.run, request.clustering);
  await publishOnce(path, canonicalJson(request));
}

/** @throws SoundalikeError RUN_NOT_FOUND where nobody asked for it: another machine may see what this one does not. */
export async function readClusteringRequest(
  dataDir: string,
  run: string,
  clustering: string,
): Promise<ClusteringRequest> {
  const { request } = clusteringPaths(dataDir, run, clustering);
  const found = await readJsonFile(request, requestSchema);
  if (found) return found;
  throw new SoundalikeError('RUN_NOT_FOUND', `${request} is not there: ask for the clustering again`);
}

/** What came out of a clustering, written once. @throws SoundalikeError DATA_DIR_UNUSABLE */
export async function writeClusteringResult(dataDir: string, result: ClusteringResult): Promise<void> {
  await publishOnce(clusteringPaths(dataDir, result.run, result.clustering).result, canonicalJson(result));
}

/** What came out of a clustering; null where it is not done. */
export function readClusteringResult(
  dataDir: string,
  run: string,
  clustering: string,
): Promise<ClusteringResult | null> {
  return readJsonFile(clusteringPaths(dataDir, run, clustering).result, resultSchema);
}

/** Ids of the clusterings of a run, in the order of ids. */
export async function listClusterings(dataDir: string, run: string): Promise<string[]> {
  const names = await namesIn(runPaths(dataDir, run).clusterings);
  return names.filter((name) => /^[0-9a-f]+$/.test(name)).sort();
}

/** Those that were asked for and are not done. */
export async function listUnfinishedClusterings(dataDir: string, run: string): Promise<string[]> {
  const unfinished: string[] = [];
  for (const clustering of await listClusterings(dataDir, run)) {
    const { request, result } = clusteringPaths(dataDir, run, clustering);
    if ((await exists(request)) && !(await exists(result))) unfinished.push(clustering);
  }
  return unfinished;
}

/** Whether a clustering of the run was asked for that is not done. */
export async function isClustering(dataDir: string, run: string): Promise<boolean> {
  return (await listUnfinishedClusterings(dataDir, run)).length > 0;
}
