import { type AnalysisSettings, analysisOf } from '../audio/analysis-settings.ts';
import { FEATURE_VERSION } from '../audio/descriptors.ts';
import { SoundalikeError } from '../errors.ts';
import type { SegmentHeader } from '../search/segment-header.ts';
import type { Plan } from '../store/plan.ts';

/**
 * How the tracks of a run are analysed.
 *
 * @throws SoundalikeError RUN_VERSION where another version of the program planned the run.
 */
export function runAnalysis({ run, settings }: Plan): AnalysisSettings {
  const analysis = analysisOf(settings.featureVersion);
  if (analysis) return analysis;
  throw new SoundalikeError(
    'RUN_VERSION',
    `the run ${run} asks for features of version ${settings.featureVersion}, this program computes version ${FEATURE_VERSION}: run the collection again`,
  );
}

/** @throws SoundalikeError RUN_VERSION where a run's features cannot be compared with an index's. */
export function requireSameFeatures({ run, settings }: Plan, { featureVersion }: SegmentHeader): void {
  if (settings.featureVersion === featureVersion) return;
  throw new SoundalikeError(
    'RUN_VERSION',
    `run ${run} has features of version ${settings.featureVersion}, the index of version ${featureVersion}: run the collection again with the same settings`,
  );
}
