import { countJobs, iterationsBegun } from '../jobs/cluster-steps.ts';
import { drawSample, estimateSilhouette, silhouettesOfSums } from '../search/euclidean-silhouette.ts';
import { clusteringPaths, writeClusteringResult } from '../store/clustering.ts';
import { encodeClusteredTracks, encodeClusters, writeTable } from '../store/clustering-tables.ts';
import { readShardBytes, requireManifest } from '../store/manifest-files.ts';
import { readColumns } from '../store/read-shard.ts';
import { listResults, readResult } from '../store/task-results.ts';
import { type ClusterContext, rowsOf, statisticsOf } from './cluster-context.ts';

/** Writes what came out. */
export async function finish({ dataDir, request, results }: ClusterContext): Promise<void> {
  const { parts, askedAt: _, ...settings } = request;
  const rows = rowsOf(parts);
  const assignment = new Uint32Array(rows);
  const squares = new Float64Array(rows);
  const silhouettes = new Float64Array(rows);
  const statistics = await readResult(results, 'statistics');
  const { rows: counts } = statisticsOf(statistics);
  const sampleClusters = statistics('sampleClusters', Uint32Array);
  const distances = new Float64Array(sampleClusters.length * counts.length);
  let first = 0;
  for (const part of parts.keys()) {
    const measured = await readResult(results, `measure-${part}`);
    const scored = await readResult(results, `score-${part}`);
    assignment.set(measured('assignment', Uint32Array), first);
    squares.set(measured('rowSquares', Float64Array), first);
    silhouettes.set(scored('silhouettes', Float64Array), first);
    const own = scored('distances', Float64Array);
    for (let i = 0; i < own.length; i++) distances[i] += own[i];
    first += parts[part].rows;
  }
  const values = silhouettesOfSums(distances, sampleClusters, counts);
  const sizes = Array.from(counts);
  const centres = (await readResult(results, 'final'))('centres', Float32Array);
  const partitions = parts.flatMap((part) => part.partitions);
  const tracks = encodeClusteredTracks({
    id: await readIds(dataDir, request.run, partitions),
    cluster: assignment,
    distance: squares.map(Math.sqrt),
    silhouette: silhouettes,
  });
  const { folder } = clusteringPaths(dataDir, request.run, request.clustering);
  const committed = await listResults(results);
  await writeClusteringResult(dataDir, {
    ...settings,
    tracks: rows,
    iterationsDone: iterationsBegun(committed),
    inertia: sumOf(squares),
    silhouettes: {
      squared: sumOf(silhouettes) / rows,
      euclidean: estimateSilhouette(values, drawSample(rows), silhouettes),
    },
    sizes,
    jobs: countJobs(parts.length, request.iterations, committed),
    files: {
      tracks: await writeTable(folder, 'tracks', tracks),
      clusters: await writeTable(folder, 'clusters', encodeClusters(sizes, centres)),
    },
  });
}

/** In the order of the rows. */
async function readIds(dataDir: string, run: string, partitions: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const partition of partitions) {
    const shard = await readShardBytes(dataDir, await requireManifest(dataDir, run, partition));
    if (shard) for (const id of (await readColumns(shard, ['id'])).id) ids.push(id);
  }
  return ids;
}

/** In the order of the rows, as `lloyd` adds up the inertia. */
function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
