import { PRESETS, type PresetName } from '../audio/descriptors.ts';
import { type SoundLayout, soundLayoutOf } from '../search/aspects.ts';
import { dimensionOf, type Layout, layoutOf, rawVector } from '../search/feature-vector.ts';
import { scaleVector, scalingOf } from '../search/scaling.ts';
import type { EncodedSegment } from '../search/segment.ts';
import { buildSegment } from '../search/segment-build.ts';
import { rawSound } from '../search/segment-sounds.ts';
import type { SegmentTrack } from '../search/segment-tracks.ts';
import type { Manifest } from '../store/manifest.ts';
import { readShardBytes } from '../store/manifest-files.ts';
import { readColumns } from '../store/read-shard.ts';
import type { FeatureColumnName } from '../store/shard-columns.ts';

/** What an index needs of a track. */
export interface AnalysedTrack {
  track: SegmentTrack;
  /** Its vector, neither scaled nor weighted. */
  raw: Float32Array;
  /** As `rawSound` makes it. */
  sound: Float32Array;
}

/** What an index of tracks is made of. */
export interface TrackLayouts {
  layout: Layout;
  sounds: SoundLayout;
}

/** Those of a new index. */
export function trackLayouts(preset: PresetName): TrackLayouts {
  return { layout: layoutOf(PRESETS[preset]), sounds: soundLayoutOf(PRESETS[preset]) };
}

/**
 * The tracks of a run, in the order of its plan, which is that of their ids. A track's place is its row in the run's
 * index.
 *
 * @throws SoundalikeError SHARD_DAMAGED
 */
export async function* readAnalysedTracks(
  dataDir: string,
  manifests: readonly Manifest[],
  layouts: TrackLayouts,
): AsyncGenerator<AnalysedTrack> {
  for (const manifest of manifests) {
    const shard = await readShardBytes(dataDir, manifest);
    // Which presets have a tempo the manifest tells: its moments are of the columns that the shard has.
    if (shard) yield* await readTracks(shard, layouts, 'tempo_mean' in manifest.moments);
  }
}

async function readTracks(
  shard: Uint8Array,
  { layout, sounds }: TrackLayouts,
  hasTempo: boolean,
): Promise<AnalysedTrack[]> {
  const names = new Set([...layout.map(({ column }) => column), ...sounds.sources]) as Set<FeatureColumnName>;
  const features = await readColumns(shard, [...names]);
  const { tempo_mean: tempos } = hasTempo ? await readColumns(shard, ['tempo_mean']) : { tempo_mean: null };
  const identity = await readColumns(shard, ['id', 'title', 'artist', 'album', 'genre', 'path', 'seconds']);
  return identity.id.map((id, row) => {
    const columns = Object.fromEntries(
      Array.from(names, (column) => {
        const bands = features[column].length / identity.id.length;
        return [column, features[column].subarray(row * bands, (row + 1) * bands)];
      }),
    );
    const track: SegmentTrack = {
      id,
      title: identity.title[row]!,
      artist: identity.artist[row]!,
      album: identity.album[row]!,
      genre: identity.genre[row]!,
      path: identity.path[row]!,
      seconds: identity.seconds[row]!,
      tempo: tempos?.[row] ?? null,
    };
    return { track, raw: rawVector(columns, layout), sound: rawSound(columns, sounds) };
  });
}

/**
 * A segment with a scaling of its own: what an index of just these tracks is.
 *
 * @param analysed In the order of ids, for the same tracks to give the same bytes.
 */
export function segmentOfTracks(
  analysed: readonly AnalysedTrack[],
  { layout, sounds }: TrackLayouts,
  featureVersion: string,
): EncodedSegment {
  const dimension = dimensionOf(layout);
  const vectors = new Float32Array(analysed.length * dimension);
  analysed.forEach(({ raw }, row) => {
    vectors.set(raw, row * dimension);
  });
  const scaling = scalingOf(vectors, layout);
  analysed.forEach(({ raw }, row) => {
    vectors.set(scaleVector(raw, scaling, layout), row * dimension);
  });
  const tracks = analysed.map(({ track }) => track);
  const raws = analysed.map(({ sound }) => sound);
  return buildSegment({ tracks, vectors, sounds: { raws, layout: sounds }, layout, scaling, featureVersion });
}
