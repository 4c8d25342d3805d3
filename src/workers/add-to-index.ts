import { isDeepStrictEqual } from 'node:util';
import { dimensionOf } from '../search/feature-vector.ts';
import { scaleVector } from '../search/scaling.ts';
import { buildSegment } from '../search/segment-build.ts';
import type { SegmentTrack } from '../search/segment-tracks.ts';
import { changeIndex } from '../store/change-index.ts';
import { keptSegments, newSegment } from '../store/index-segments.ts';
import { readManifests } from '../store/manifest-files.ts';
import { requirePlan } from '../store/plan-files.ts';
import { readAnalysedTracks, trackLayouts } from './analysed-tracks.ts';
import { requireSameFeatures, runAnalysis } from './run-analysis.ts';

/** What `addToIndex` did. */
export interface Added {
  /** Id of the index that is live now. */
  index: string;
  /** Tracks that the index did not have. */
  added: number;
  /** Tracks that sound or are named otherwise than before: the old row is deleted, a new one added. */
  replaced: number;
}

/**
 * Adds a run's tracks to the live index, as one more segment of those that it does not have just so. They are scaled
 * as the index is.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, RUN_INCOMPLETE, SHARD_DAMAGED; RUN_VERSION where the run's features are
 *   others than the index's; and as `changeIndex`
 */
export async function addToIndex(dataDir: string, run: string): Promise<Added> {
  const plan = await requirePlan(dataDir, run);
  const manifests = await readManifests(dataDir, plan);
  let added = 0;
  let replaced = 0;
  const index = await changeIndex(dataDir, async (base) => {
    const { layout, scaling, featureVersion } = base.header;
    requireSameFeatures(plan, base.header);
    const tracks: SegmentTrack[] = [];
    const vectors: Float32Array[] = [];
    const sounds: Float32Array[] = [];
    const rows: number[] = [];
    const deleted = new Set<number>();
    let runRow = 0;
    const layouts = { ...trackLayouts(runAnalysis(plan).preset), layout };
    for await (const { track, raw, sound } of readAnalysedTracks(dataDir, manifests, layouts)) {
      const vector = scaleVector(raw, scaling, layout);
      const known = base.list.rowOf(track.id);
      const row = runRow++;
      if (known !== undefined) {
        const { cluster: _, ...shown } = base.list.track(known);
        if (isDeepStrictEqual(shown, track) && isDeepStrictEqual(base.list.vector(known), vector)) continue;
        deleted.add(known);
      }
      tracks.push(track);
      vectors.push(vector);
      sounds.push(sound);
      rows.push(row);
    }
    if (tracks.length === 0) return null;
    replaced = deleted.size;
    added = tracks.length - replaced;
    const matrix = new Float32Array(tracks.length * dimensionOf(layout));
    vectors.forEach((vector, i) => {
      matrix.set(vector, i * vector.length);
    });
    const segment = buildSegment({
      tracks,
      vectors: matrix,
      sounds: { raws: sounds, layout: layouts.sounds, given: base.header.aspects },
      layout,
      scaling,
      featureVersion,
      base: base.segments[0].segment,
    });
    const origins = rows.map((row) => ({ run, row }));
    return [...keptSegments(base, (row) => deleted.has(row)), newSegment(segment, origins, runRow)];
  });
  return { index, added, replaced };
}
