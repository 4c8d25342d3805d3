import { SoundalikeError } from '../errors.ts';
import { recluster } from '../search/recluster.ts';
import { changeIndex } from '../store/change-index.ts';
import { type ClusteringResult, clusteringPaths } from '../store/clustering.ts';
import { readClusteringTables } from '../store/clustering-tables.ts';
import { sharedSegment } from '../store/index-segments.ts';

/**
 * Makes the clusters of a run those of the live index. All else of it is shared with the index before.
 *
 * @returns Id of the index that is live now.
 * @throws SoundalikeError USAGE where the live index does not hold just the run's tracks; SHARD_DAMAGED; and as
 *   `changeIndex`
 */
export async function clusterIndex(dataDir: string, result: ClusteringResult): Promise<string> {
  const { run, clustering, files, inertia } = result;
  const { folder } = clusteringPaths(dataDir, run, clustering);
  const { tracks, centres } = await readClusteringTables(folder, files);
  return changeIndex(dataDir, async ({ index, segments }) => {
    const [open] = segments;
    const { segment } = open;
    const isOfRun =
      segments.length === 1 &&
      open.rows === null &&
      tracks.length === segment.header.rows &&
      tracks.every(({ id }, row) => segment.tracks.track(row).id === id);
    if (!isOfRun) {
      throw new SoundalikeError(
        'USAGE',
        `the live index ${index} does not hold just the tracks of the run ${run}: run the collection again, which makes its index the live one`,
      );
    }
    const assignment = Uint32Array.from(tracks, ({ cluster }) => cluster);
    const changed = recluster(segment, { centres, assignment, inertia });
    return changed.id === segment.id ? null : [sharedSegment(open, changed)];
  });
}
