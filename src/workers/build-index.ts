import { createRequire } from 'node:module';
import { SoundalikeError } from '../errors.ts';
import { readManifests } from '../store/manifest-files.ts';
import { requirePlan } from '../store/plan-files.ts';
import { publishIndex } from '../store/publish-index.ts';
import { writeFailures, writeSuccess } from '../store/run-outcome.ts';
import { type AnalysedTrack, readAnalysedTracks, segmentOfTracks, trackLayouts } from './analysed-tracks.ts';
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

  const layouts = trackLayouts(runAnalysis(plan).preset);
  const analysed: AnalysedTrack[] = [];
  for await (const track of readAnalysedTracks(dataDir, filled, layouts)) analysed.push(track);
  const segment = segmentOfTracks(analysed, layouts, plan.settings.featureVersion);
  const index = await publishIndex(dataDir, [{ ...segment, runs: [run], rows: null }]);
  await writeFailures(dataDir, run, failures);
  await writeSuccess(dataDir, {
    run,
    index,
    rows: analysed.length,
    failures: failures.length,
    files: filled.map(({ file, rows, sha256 }) => ({ file: file!, rows, sha256: sha256! })),
    settings: plan.settings,
    codeVersion,
    ...(plan.retries !== undefined && { retries: plan.retries }),
  });
  return { index, tracks: analysed.length };
}
