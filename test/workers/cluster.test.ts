import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptClustering, type ClusteringOptions } from '../../src/jobs/cluster-request.ts';
import { countJobs } from '../../src/jobs/cluster-steps.ts';
import { largestOf, roundersOf } from '../../src/search/cluster-sums.ts';
import { euclideanSilhouette } from '../../src/search/euclidean-silhouette.ts';
import { evaluateClusters } from '../../src/search/evaluate.ts';
import { kmeans } from '../../src/search/kmeans.ts';
import { lloyd } from '../../src/search/lloyd.ts';
import { silhouettes } from '../../src/search/silhouette.ts';
import { clusteringPaths, readClusteringResult } from '../../src/store/clustering.ts';
import { makeCurrent } from '../../src/store/index-folder.ts';
import { openIndex } from '../../src/store/open-index.ts';
import { commitResult, listResults } from '../../src/store/task-results.ts';
import { clusterIndex } from '../../src/workers/cluster-index.ts';
import { runClusterTask } from '../../src/workers/cluster-task.ts';
import golden from '../fixtures/search/clustering.json' with { type: 'json' };
import { finishRun } from '../support/finished-run.ts';
import { runClustering } from '../support/run-clustering.ts';
import { sampleRows } from '../support/shard-rows.ts';
import { removeFolder, suiteFolder } from '../support/temporary.ts';

const ROWS = 300;
const RUN = 'music-1';

let dataDir: string;
let vectors: Float32Array;
let dimension: number;
let ids: string[];
beforeAll(async () => {
  dataDir = await suiteFolder();
  await finishRun(dataDir, RUN, sampleRows(ROWS), { size: 20 });
  const { segments } = await openIndex(dataDir);
  const { segment } = segments[0];
  vectors = segment.vectors;
  dimension = segment.header.dimension;
  ids = Array.from({ length: ROWS }, (_, row) => segment.tracks.track(row).id);
});
afterAll(() => removeFolder(dataDir));

async function clustered(options: ClusteringOptions, seed = 1) {
  const request = await acceptClustering(dataDir, RUN, options);
  const done = await runClustering(dataDir, request, seed);
  const result = (await readClusteringResult(dataDir, RUN, request.clustering))!;
  const { folder } = clusteringPaths(dataDir, RUN, request.clustering);
  return { request, done, result, folder };
}

async function query(sql: string) {
  const connection = await (await DuckDBInstance.create()).connect();
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

/** What came out, as another program reads it. */
async function tablesOf(folder: string, files: Record<'tracks' | 'clusters', { file: string }>) {
  const tracks = await query(`SELECT * FROM '${join(folder, files.tracks.file)}'`);
  const clusters = await query(`SELECT * FROM '${join(folder, files.clusters.file)}'`);
  return { tracks, clusters };
}

test.each([
  { rowsPerJob: 1, clusters: 7, seed: 3 },
  { rowsPerJob: 70, clusters: 12, seed: 1 },
  { rowsPerJob: 1000, clusters: 2, seed: 5 },
  { rowsPerJob: 100, clusters: 1, seed: 1 },
  { rowsPerJob: 50, clusters: ROWS, seed: 2 },
])('has the bits of one process: $clusters clusters, $rowsPerJob rows a job', async (options) => {
  const { result, folder, done } = await clustered(options);
  const { clusters: k, seed } = options;
  const { centres, assignment, inertia } = kmeans(vectors, dimension, { k, seed });
  const tables = await tablesOf(folder, result.files);
  expect(tables.tracks.map(({ id }) => id)).toEqual(ids);
  expect(tables.tracks.map(({ cluster }) => cluster)).toEqual([...assignment]);
  expect(tables.clusters.flatMap(({ centre }) => centre as number[])).toEqual([...centres]);
  expect(result.inertia).toBe(inertia);
  expect(result.sizes).toEqual(
    Array.from({ length: centres.length / dimension }, (_, cluster) =>
      assignment.reduce((count, own) => count + (own === cluster ? 1 : 0), 0),
    ),
  );
  const squares = tables.tracks.map(({ distance }) => (distance as number) ** 2);
  expect(squares.reduce((sum, square) => sum + square, 0)).toBeCloseTo(inertia, 9);

  const expected = silhouettes(vectors, dimension, assignment);
  tables.tracks.forEach(({ silhouette }, row) => {
    expect(Math.abs((silhouette as number) - expected[row])).toBeLessThan(1e-9);
  });
  expect(result.silhouettes.squared).toBeCloseTo(expected.reduce((sum, s) => sum + s, 0) / ROWS, 12);
  const { mean, error, rows } = euclideanSilhouette(vectors, dimension, assignment);
  expect(result.silhouettes.euclidean).toEqual({ mean: expect.closeTo(mean, 12), error, rows });
  expect(result.jobs).toBe(done.length);
});

test('agrees with scikit-learn: no worse by 1 %, silhouettes to 1e-9', async () => {
  const { result, folder } = await clustered({ clusters: golden.clusters, rowsPerJob: 75 });
  expect(result.inertia).toBeLessThan(1.01 * golden.medianInertia);
  const { tracks } = await tablesOf(folder, result.files);
  golden.squared.forEach((expected, row) => {
    expect(Math.abs((tracks[row].silhouette as number) - expected)).toBeLessThan(1e-9);
  });
  expect(Math.abs(result.silhouettes.euclidean.mean - golden.euclidean)).toBeLessThan(1e-9);
});

test('fills empty clusters as one process does', async () => {
  const options = { clusters: 8, rowsPerJob: 60, seed: 4 };
  const request = await acceptClustering(dataDir, RUN, options);
  const { results } = clusteringPaths(dataDir, RUN, request.clustering);
  for (const part of request.parts.keys()) {
    await runClusterTask(dataDir, RUN, request.clustering, `survey-${part}`);
  }
  // Five centres so far out that no row is nearest to them.
  const centres = vectors.slice(0, 8 * dimension).map((value, i) => (i < 5 * dimension ? 50 + i : value));
  const rounders = roundersOf(largestOf(vectors, dimension), ROWS);
  await commitResult(results, 'centres-0', { centres, rounders });
  const { result, folder } = await clustered(options);
  const expected = lloyd(vectors, dimension, centres, 20);
  const tables = await tablesOf(folder, result.files);
  expect(tables.tracks.map(({ cluster }) => cluster)).toEqual([...expected.assignment]);
  expect(tables.clusters.flatMap(({ centre }) => centre as number[])).toEqual([...expected.centres]);
  expect(Math.min(...result.sizes)).toBeGreaterThan(0);
});

test('stops after the most iterations allowed', async () => {
  const { result, done, request } = await clustered({ clusters: 9, iterations: 2, rowsPerJob: 100 });
  expect(result.iterationsDone).toBe(2);
  expect(result.inertia).toBe(kmeans(vectors, dimension, { k: 9, iterations: 2 }).inertia);
  expect(done.length).toBe(countJobs(request.parts.length, 2, new Set(['centres-0', 'centres-1', 'final'])));
});

test('leaves the same files in whatever order and however often jobs are done', async () => {
  const options = { clusters: 5, rowsPerJob: 40, seed: 9 };
  const { folder } = await clustered(options);
  const filesOf = async () => {
    const names = (await readdir(folder)).filter((name) => name !== 'request.json').sort();
    return Promise.all(
      names.map(async (name) => [name, (await readFile(join(folder, name))).toString('hex')]),
    );
  };
  const first = await filesOf();
  expect(first.map(([name]) => name)).toEqual([
    expect.stringMatching(/^clustering\.json$/),
    expect.stringMatching(/^clusters-[0-9a-f]{16}\.parquet$/),
    expect.stringMatching(/^tracks-[0-9a-f]{16}\.parquet$/),
  ]);
  for (const seed of [2, 3]) {
    await rm(folder, { recursive: true });
    await clustered(options, seed);
    expect(await filesOf()).toEqual(first);
  }
});

test('is the same clustering when it is asked for twice, and its late jobs change nothing', async () => {
  const options = { clusters: 4, rowsPerJob: 100 };
  const { request, result, folder } = await clustered(options);
  expect(await acceptClustering(dataDir, RUN, options)).toMatchObject({ clustering: request.clustering });
  for (const task of ['survey-0', 'start', 'sums-0-0', 'update-0', 'measure-0', 'score-0', 'finish']) {
    await runClusterTask(dataDir, RUN, request.clustering, task);
  }
  expect(await readClusteringResult(dataDir, RUN, request.clustering)).toEqual(result);
  expect(await readdir(folder)).not.toContain('results');
});

test('becomes the clusters of the live index, which is as before with the clusters that it had', async () => {
  const before = await openIndex(dataDir);
  const { result } = await clustered({ clusters: 5, rowsPerJob: 60 });
  const changed = await clusterIndex(dataDir, result);
  expect(changed).not.toBe(before.index);
  const { index, segments } = await openIndex(dataDir);
  expect(index).toBe(changed);
  const { segment } = segments[0];
  expect(segment.header.clusters).toEqual({ count: 5, inertia: result.inertia });
  const { assignment } = kmeans(vectors, dimension, { k: 5 });
  ids.forEach((id, row) => {
    const { cluster: _, ...known } = before.segments[0].segment.tracks.track(row);
    expect(segment.tracks.track(row)).toEqual({ ...known, id, cluster: assignment[row] });
  });
  expect(evaluateClusters(segment)).toMatchObject({
    clusters: 5,
    squaredSilhouette: expect.closeTo(result.silhouettes.squared, 12),
  });
  expect(await clusterIndex(dataDir, result)).toBe(changed);

  // By default there are as many clusters, from the same seed, as an index is built with.
  expect(await clusterIndex(dataDir, (await clustered({ rowsPerJob: 90 })).result)).toBe(before.index);

  await finishRun(dataDir, 'music-2', sampleRows(10, 2), { size: 5 });
  await expect(clusterIndex(dataDir, result)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('does not hold just the tracks of the run music-1'),
  });
  await makeCurrent(dataDir, before.index);
});

test('refuses a result whose bytes are others', async () => {
  const request = await acceptClustering(dataDir, RUN, { clusters: 3, seed: 8 });
  await runClusterTask(dataDir, RUN, request.clustering, 'survey-0');
  const { results } = clusteringPaths(dataDir, RUN, request.clustering);
  const path = join(results, 'survey-0');
  const bytes = await readFile(path);
  bytes[5000] ^= 1;
  await writeFile(path, bytes);
  await expect(runClusterTask(dataDir, RUN, request.clustering, 'start')).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: expect.stringMatching(/survey-0 cannot be read .*delete it and resume/),
  });
  expect(await listResults(results)).toEqual(new Set(['survey-0']));
});

test('is refused where the run is unknown, has fewer tracks or lacks its index', async () => {
  await expect(acceptClustering(dataDir, 'other', {})).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  await expect(acceptClustering(dataDir, RUN, { clusters: ROWS + 1 })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('301 clusters are more than the 300 tracks'),
  });
  const request = await acceptClustering(dataDir, RUN, { clusters: 6 });
  await rm(join(dataDir, 'index', request.index), { recursive: true });
  await expect(runClusterTask(dataDir, RUN, request.clustering, 'survey-0')).rejects.toMatchObject({
    code: 'INDEX_NOT_FOUND',
  });
  await expect(acceptClustering(dataDir, RUN, {})).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  await rm(join(dataDir, 'runs', RUN, '_SUCCESS'));
  await expect(acceptClustering(dataDir, RUN, {})).rejects.toMatchObject({ code: 'RUN_INCOMPLETE' });
});
