import { soundLayoutOf } from '../search/aspects.ts';
import { dimensionOf } from '../search/feature-vector.ts';
import { scaleVector } from '../search/scaling.ts';
import { inlinePool } from '../search/search-pool.ts';
import type { SegmentTrack } from '../search/segment-tracks.ts';
import { similarityJoinWithList } from '../search/similarity-join-list.ts';
import { readManifests } from '../store/manifest-files.ts';
import { openIndex } from '../store/open-index.ts';
import { requirePlan } from '../store/plan-files.ts';
import { readAnalysedTracks } from './analysed-tracks.ts';
import { requireSameFeatures } from './run-analysis.ts';

/** A track of a run, and one of the live index that is the same recording, or sounds as if. */
export interface RunDuplicate {
  track: SegmentTrack;
  indexed: SegmentTrack;
  /** Euclidean, between vectors as the index has them. */
  distance: number;
}

/**
 * The tracks of a run that the live index has already, under the same id or another. LSH finds the pairs: equal ones
 * always, others the more surely the nearer they are.
 *
 * @param below Distance, itself left out; 0 or more.
 * @returns In the order of the run's ids, those of one track in the order of the index's.
 * @throws SoundalikeError RUN_NOT_FOUND, RUN_INCOMPLETE, SHARD_DAMAGED; RUN_VERSION where the run's features are
 *   others than the index's; INDEX_NOT_FOUND, INDEX_DAMAGED, INDEX_VERSION; USAGE where `below` is not of this form
 */
export async function duplicatesOfRun(dataDir: string, run: string, below: number): Promise<RunDuplicate[]> {
  const plan = await requirePlan(dataDir, run);
  const manifests = await readManifests(dataDir, plan);
  const { header, segments, list } = await openIndex(dataDir, inlinePool);
  requireSameFeatures(plan, header);
  const { layout, scaling } = header;
  const tracks: SegmentTrack[] = [];
  const analysed = manifests.reduce((sum, { rows }) => sum + rows, 0);
  const vectors = new Float32Array(analysed * dimensionOf(layout));
  const layouts = { layout, sounds: soundLayoutOf([]) };
  for await (const { track, raw } of readAnalysedTracks(dataDir, manifests, layouts)) {
    vectors.set(scaleVector(raw, scaling, layout), tracks.length * raw.length);
    tracks.push(track);
  }
  const rows = list.inOrder();
  return similarityJoinWithList(vectors, segments, list, below).map(({ row, other, distance }) => ({
    track: tracks[row],
    indexed: list.track(rows[other]),
    distance,
  }));
}
