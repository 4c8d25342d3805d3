import { distanceSums, drawSample } from '../search/euclidean-silhouette.ts';
import { gatherRows } from '../search/gather-rows.ts';
import { addStatistics, clusterStatistics, silhouettesGiven } from '../search/silhouette.ts';
import { commitResult, type ResultReader, readResult } from '../store/task-results.ts';
import { assignedPart, type ClusterContext, rowsOf, statisticsOf } from './cluster-context.ts';

/** The cluster of each row of a part, its squared distance, and what silhouettes need of the part. */
export async function measure(context: ClusterContext, part: number): Promise<void> {
  const { request, results, header } = context;
  const final = await readResult(results, 'final');
  const centres = final('centres', Float32Array);
  const { vectors, clustered } = await assignedPart(context, part, centres);
  const { assignment } = clustered;
  const k = centres.length / header.dimension;
  const first = rowsOf(request.parts.slice(0, part));
  const sampled = drawSample(rowsOf(request.parts))
    .filter((row) => row >= first && row < first + assignment.length)
    .map((row) => row - first);
  await commitResult(results, `measure-${part}`, {
    assignment,
    rowSquares: clustered.squares(),
    ...clusterStatistics(vectors, final('mean', Float64Array), assignment, k),
    sample: gatherRows(vectors, header.dimension, sampled),
    sampleClusters: sampled.map((row) => assignment[row]),
  });
}

/** Adds up the parts' statistics in their order, and puts their samples one behind the other. */
export async function mergeStatistics({ request, results, header }: ClusterContext): Promise<void> {
  const parts: ResultReader[] = [];
  for (const part of request.parts.keys()) parts.push(await readResult(results, `measure-${part}`));
  const [first, ...others] = parts.map(statisticsOf);
  const statistics = { rows: first.rows.slice(), squares: first.squares.slice(), sums: first.sums.slice() };
  for (const other of others) addStatistics(statistics, other);
  const rows = drawSample(rowsOf(request.parts)).length;
  const sample = new Float32Array(rows * header.dimension);
  const sampleClusters = new Uint32Array(rows);
  let row = 0;
  for (const read of parts) {
    const clusters = read('sampleClusters', Uint32Array);
    sample.set(read('sample', Float32Array), row * header.dimension);
    sampleClusters.set(clusters, row);
    row += clusters.length;
  }
  await commitResult(results, 'statistics', { ...statistics, sample, sampleClusters });
}

/** The silhouettes of a part's rows, and the distances of the sampled rows to them. */
export async function score(context: ClusterContext, part: number): Promise<void> {
  const { results, header } = context;
  const final = await readResult(results, 'final');
  const read = await readResult(results, 'statistics');
  const statistics = statisticsOf(read);
  const { vectors, clustered } = await assignedPart(context, part, final('centres', Float32Array));
  const { assignment } = clustered;
  const mean = final('mean', Float64Array);
  const k = statistics.rows.length;
  await commitResult(results, `score-${part}`, {
    silhouettes: silhouettesGiven(vectors, mean, assignment, statistics),
    distances: distanceSums(vectors, header.dimension, assignment, k, read('sample', Float32Array)),
  });
}
