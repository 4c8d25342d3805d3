import { createRequire } from 'node:module';
import { type DescriptorName, PRESETS } from '../audio/descriptors.ts';
import { SoundalikeError } from '../errors.ts';
import { dimensionOf, type Layout, layoutOf, rawVector } from '../search/feature-vector.ts';
import { mergeMoments, type Scaling, scaleVector, scalingOf } from '../search/scaling.ts';
import { buildSegment } from '../search/segment-build.ts';
import type { SegmentTrack } from '../search/segment-tracks.ts';
import { publishIndex } from '../store/index-folder.ts';
import type { Manifest } from '../store/manifest.ts';
import { readManifests, readShardBytes } from '../store/manifest-files.ts';
import { requirePlan } from '../store/plan-files.ts';
import { readColumns } from '../store/read-shard.ts';
import { writeFailures, writeSuccess } from '../store/run-outcome.ts';
import type { FeatureColumnName } from '../store/shard-columns.ts';
import { runAnalysis } from './run-analysis.ts';

const { version: codeVersion } = createRequire(import.meta.url)('../../package.json') as { version: string };

/**
 * Builds the index of a run from its manifests, makes it the live one, and marks the run as done.
 *
 * @throws SoundalikeError RUN_INCOMPLETE, RUN_VERSION, RUN_FAILED where no track could be analysed, SHARD_DAMAGED
 */
export async function buildIndex(dataDir: string, run: string): Promise<{ index: string; tracks: number }> {
  const plan = await requirePlan(dataDir, run);
  // In the order of the plan, which is that of the tracks' ids: sums in another order differ in the last bit.
  const manifests = await readManifests(dataDir, plan);
  const failures = manifests.flatMap((manifest) => manifest.failures);
  const filled = manifests.filter(({ rows }) => rows > 0);
  if (filled.length === 0) {
    const [first] = failures;
    const example = first ? `, e.g. ${first.path}: ${first.message}` : '';
    throw new SoundalikeError('RUN_FAILED', `none of the ${plan.tracks} tracks could be analysed${example}`);
  }

  const descriptors: readonly DescriptorName[] = PRESETS[runAnalysis(plan).preset];
  const layout = layoutOf(descriptors);
  const hasTempo = descriptors.includes('tempo');
  const scaling = mergeScaling(filled, layout);
  const rows = filled.reduce((sum, manifest) => sum + manifest.rows, 0);
  const dimension = dimensionOf(layout);
  const tracks: SegmentTrack[] = [];
  const vectors = new Float32Array(rows * dimension);
  for (const manifest of filled) {
    for (const { track, raw } of await readTracks(dataDir, manifest, layout, hasTempo)) {
      vectors.set(scaleVector(raw, scaling, layout), tracks.length * dimension);
      tracks.push(track);
    }
  }
  const { featureVersion } = plan.settings;
  const segment = buildSegment({ tracks, vectors, layout, scaling, featureVersion });
  // One segment is the whole index, so its id, a hash of its content, names the index, too.
  const index = segment.id;
  await publishIndex(dataDir, { index, run, segments: [segment] });
  await writeFailures(dataDir, run, failures);
  await writeSuccess(dataDir, {
    run,
    index,
    rows,
    failures: failures.length,
    files: filled.map(({ file, rows, sha256 }) => ({ file: file!, rows, sha256: sha256! })),
    settings: plan.settings,
    codeVersion,
  });
  return { index, tracks: rows };
}

function mergeScaling(manifests: Manifest[], layout: Layout): Scaling {
  const merged = layout.map(({ column }) => {
    const moments = manifests.flatMap((manifest) => manifest.moments[column] ?? []);
    return [column, mergeMoments(moments)] as const;
  });
  return scalingOf(Object.fromEntries(merged), layout);
}

/** What the index needs of a shard, row by row. */
async function readTracks(
  dataDir: string,
  manifest: Manifest,
  layout: Layout,
  hasTempo: boolean,
): Promise<{ track: SegmentTrack; raw: Float32Array }[]> {
  const shard = (await readShardBytes(dataDir, manifest))!;
  const names = layout.map(({ column }) => column as FeatureColumnName);
  const features = await readColumns(shard, names);
  const { tempo_mean: tempos } = hasTempo ? await readColumns(shard, ['tempo_mean']) : { tempo_mean: null };
  const identity = await readColumns(shard, ['id', 'title', 'artist', 'album', 'genre', 'path', 'seconds']);
  return identity.id.map((id, row) => {
    const columns = layout.map(({ column, bands }) => {
      const values = features[column as FeatureColumnName].subarray(row * bands, (row + 1) * bands);
      return [column, values] as const;
    });
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
    return { track, raw: rawVector(Object.fromEntries(columns), layout) };
  });
}
