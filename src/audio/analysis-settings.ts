import { FEATURE_VERSION, PRESETS, type PresetName } from './descriptors.ts';

/** What a user may choose of the analysis. */
export interface AnalysisSettings {
  preset: PresetName;
  /** Seconds in the middle of a track that are analysed; null for the whole track. */
  window: number | null;
}

/**
 * The name of everything that decides a feature's value besides the file. Rows of different versions are never
 * mixed in an index.
 *
 * @returns E.g. `3`, `3-fma`, `3-minimal-middle60`: what is not the default is added.
 */
export function featureVersionOf({ preset, window }: AnalysisSettings): string {
  const parts = [FEATURE_VERSION];
  if (preset !== 'default') parts.push(preset);
  if (window !== null) parts.push(`middle${window}`);
  return parts.join('-');
}

/** The settings that a version names; null where this program computes other values. */
export function analysisOf(featureVersion: string): AnalysisSettings | null {
  const [, preset = 'default', seconds] =
    /^[^-]+(?:-(?!middle)([a-z]+))?(?:-middle(\d+))?$/.exec(featureVersion) ?? [];
  if (!(preset in PRESETS)) return null;
  const settings = { preset: preset as PresetName, window: seconds === undefined ? null : Number(seconds) };
  return featureVersionOf(settings) === featureVersion ? settings : null;
}
