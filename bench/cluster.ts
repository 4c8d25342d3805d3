/**
 * K-Means on the workers, beside one process: what an iteration takes, and what the queue has of it.
 *
 *     npm run build && npx tsx bench/cluster.ts ROWS CLUSTERS FOLDER [ROWS_PER_JOB ...]
 *
 * The first time, FOLDER gets a finished run of ROWS generated tracks of the preset `minimal` (154 values), with its
 * index; that takes some minutes. Then one worker process and two, on a Redis and a MongoDB of their own, cluster the run
 * in 20 iterations at most, with each ROWS_PER_JOB. Wall clock; of the iterations the median, beside what one takes in
 * one process, measured before and after. Prints a table, then JSON.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { featureVersionOf } from '../src/audio/analysis-settings.ts';
import { DESCRIPTORS, PRESETS, STATISTICS } from '../src/audio/descriptors.ts';
import { acceptClustering } from '../src/jobs/cluster-request.ts';
import { kmeans } from '../src/search/kmeans.ts';
import { type ClusteringResult, readClusteringResult } from '../src/store/clustering.ts';
import { commitPartition } from '../src/store/commit.ts';
import { readCurrentId } from '../src/store/index-folder.ts';
import { openIndex } from '../src/store/open-index.ts';
import { writePlan } from '../src/store/plan-files.ts';
import { writeRequest } from '../src/store/runs.ts';
import type { ShardRow } from '../src/store/shard.ts';
import { buildIndex } from '../src/workers/build-index.ts';
import { musicLikeVectors } from '../test/search/music-like.ts';
import { startCli } from '../test/support/cli.ts';
import { startMongo } from '../test/support/mongodb.ts';
import { sampleHead, samplePartitions } from '../test/support/plans.ts';
import { startRedis } from '../test/support/redis.ts';
import { sampleRows } from '../test/support/shard-rows.ts';

const RUN = 'generated';
const ROWS_A_PARTITION = 500;

const [rows, clusters] = process.argv.slice(2, 4).map(Number);
const [folder, ...sizes] = process.argv.slice(4);
const rowsPerJob = sizes.length === 0 ? [20_000] : sizes.map(Number);

const descriptors = PRESETS.minimal;
const featureVersion = featureVersionOf({ preset: 'minimal', window: null, ffmpeg: null });

async function generateRun(): Promise<void> {
  if ((await readCurrentId(folder)) !== null) return;
  const head = { ...sampleHead, run: RUN, settings: { ...sampleHead.settings, featureVersion } };
  const { request, settings } = head;
  await writeRequest(folder, { run: RUN, request, settings, createdAt: new Date(0).toISOString() });
  const plan = await writePlan(folder, head, samplePartitions(Math.ceil(rows / ROWS_A_PARTITION), 1));
  const [example] = sampleRows(1);
  const width = descriptors.reduce((sum, name) => sum + DESCRIPTORS[name] * STATISTICS.length, 0);
  const vectors = musicLikeVectors(rows, width, 1);
  for (const [place, { id: partition }] of plan.partitions.entries()) {
    const first = place * ROWS_A_PARTITION;
    const count = Math.min(ROWS_A_PARTITION, rows - first);
    const own = Array.from({ length: count }, (_, i) => rowOf(example, vectors, width, first + i));
    const commit = { dataDir: folder, run: RUN, partition, attempt: '1', failures: [] };
    await commitPartition({ ...commit, rows: own, descriptors, featureVersion });
  }
  await buildIndex(folder, RUN);
}

function rowOf(example: ShardRow, vectors: Float32Array, width: number, row: number): ShardRow {
  let at = row * width;
  const statistics: Record<string, Record<string, Float32Array>> = {};
  for (const name of descriptors) {
    statistics[name] = {};
    for (const statistic of STATISTICS) {
      statistics[name][statistic] = vectors.subarray(at, at + DESCRIPTORS[name]);
      at += DESCRIPTORS[name];
    }
  }
  const features = { ...example.features, statistics } as ShardRow['features'];
  return { ...example, id: String(row).padStart(7, '0'), path: `${row}.mp3`, features, featureVersion };
}

/** Seconds of each step, by the first and the last of its jobs that the workers noted. */
interface Measured {
  workers: number;
  rowsPerJob: number;
  survey: number;
  start: number;
  iterations: number;
  /** The median one, from the first job given out to that of the next. */
  iteration: number;
  silhouettes: number;
  inertia: number;
}

interface Line {
  stage: string;
  partition: string | null;
  at: number;
  event: string;
}

async function measure(workers: number, size: number, env: Record<string, string>): Promise<Measured> {
  const run = join(folder, 'runs', RUN);
  for (const part of ['clusterings', 'attempts']) await rm(join(run, part), { recursive: true, force: true });
  const { clustering } = await acceptClustering(folder, RUN, { clusters, rowsPerJob: size });
  // Workers look at their start for what is lacking.
  const started = Array.from({ length: workers }, () => startCli(['worker'], env));
  let result: ClusteringResult | null = null;
  while (!result) {
    await sleep(200);
    result = await readClusteringResult(folder, RUN, clustering);
  }
  // At once: the documents, which are being written now, are not what is measured.
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ finished }) => finished));
  const { iterationsDone, inertia } = result;

  const lines: Line[] = [];
  for (const name of await readdir(join(run, 'attempts'))) {
    const text = await readFile(join(run, 'attempts', name), 'utf8');
    lines.push(
      ...text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    );
  }
  const times = (step: string) =>
    lines.filter(({ stage, partition }) => stage === 'cluster' && partition?.split(' ')[1].startsWith(step));
  const seconds = (from: string, to: string) => {
    const begin = Math.min(...times(from).map(({ at }) => at));
    return (Math.max(...times(to).map(({ at }) => at)) - begin) / 1000;
  };
  const all = Array.from({ length: iterationsDone - 1 }, (_, i) => {
    const begin = (iteration: number) => Math.min(...times(`sums-${iteration}-`).map(({ at }) => at));
    return (begin(i + 1) - begin(i)) / 1000;
  }).sort((a, b) => a - b);
  return {
    workers,
    rowsPerJob: size,
    survey: seconds('survey', 'survey'),
    start: seconds('start', 'start'),
    iterations: iterationsDone,
    iteration: all[Math.floor(all.length / 2)],
    silhouettes: seconds('measure', 'finish'),
    inertia,
  };
}

await generateRun();
const { vectors, header } = (await openIndex(folder)).segments[0].segment;

/** Seconds of an iteration in one process. */
function iterationAlone(): number {
  const seconds = (iterations: number) => {
    const began = performance.now();
    kmeans(vectors, header.dimension, { k: clusters, iterations });
    return (performance.now() - began) / 1000;
  };
  return (seconds(20) - seconds(1)) / 19;
}

const [redis, mongo] = await Promise.all([startRedis(), startMongo()]);
const env = {
  DATA_DIR: folder,
  QUEUE_URL: redis.url,
  MONGODB_URL: mongo.url,
  QUEUE_PREFIX: 'bench',
  CONCURRENCY: '1',
};
const results: Measured[] = [];
const alone = [iterationAlone()];
try {
  for (const size of rowsPerJob) {
    for (const workers of [1, 2]) results.push(await measure(workers, size, env));
  }
} finally {
  await redis.stop();
  await mongo.stop();
}
alone.push(iterationAlone());
console.table(results);
console.log(JSON.stringify({ rows, clusters, dimension: header.dimension, alone, results }));
