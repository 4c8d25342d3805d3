import { UnrecoverableError } from 'bullmq';
import { clusteringPaths, readClusteringResult } from '../store/clustering.ts';
import { readClusteringTables } from '../store/clustering-tables.ts';
import type { Documents } from '../store/documents.ts';

/** Documents that one request writes. */
const AT_ONCE = 1_000;

/**
 * Writes the documents of a clustering that is done: one a track in `clusters`, and after them its own in
 * `clusterings`, so that a worker that dies in between leaves work to do and not a gap.
 */
export async function publishClusters(
  dataDir: string,
  documents: Documents,
  run: string,
  clustering: string,
): Promise<{ documents: number }> {
  const result = await readClusteringResult(dataDir, run, clustering);
  if (!result) throw new UnrecoverableError(`the clustering ${clustering} is not done`);
  const { folder } = clusteringPaths(dataDir, run, clustering);
  const { tracks } = await readClusteringTables(folder, result.files);
  for (let start = 0; start < tracks.length; start += AT_ONCE) {
    await documents.upsert(
      'clusters',
      tracks.slice(start, start + AT_ONCE).map(({ id, ...measured }) => ({
        _id: `${clustering}:${id}`,
        run,
        clustering,
        track: id,
        ...measured,
      })),
    );
  }
  const { clusters, seed, inertia, silhouettes, sizes } = result;
  await documents.upsert('clusterings', [
    { _id: clustering, run, clusters, seed, inertia, sizes, silhouettes },
  ]);
  return { documents: tracks.length };
}
