import { FEATURE_VERSION, PRESETS, type PresetName } from './descriptors.ts';

/** What a user may choose of the analysis. */
export interface AnalysisSettings {
  preset: PresetName;
  /** Seconds in the middle of a track that are analysed; null for the whole track. */
  window: number | null;
  /** Version of the ffmpeg that decodes; null for the decoders of this program. */
  ffmpeg: string | null;
}

/**
 * The name of everything that decides a feature's value besides the file. Rows of different versions are never
 * mixed in an index.
 *
 * @returns E.g. `4`, `4-fma`, `4-minimal-middle60`, `4-ffmpeg5.1.9`: what is not the default is added.
 */
export function featureVersionOf({ preset, window, ffmpeg }: AnalysisSettings): string {
  const parts = [FEATURE_VERSION];
  if (preset !== 'default') parts.push(preset);
  if (window !== null) parts.push(`middle${window}`);
  if (ffmpeg !== null) parts.push(`ffmpeg${ffmpeg}`);
  return parts.join('-');
}

const VERSION = new RegExp(
  `^[^-]+(?:-(?<preset>${Object.keys(PRESETS).join('|')}))?(?:-middle(?<window>\\d+))?(?:-ffmpeg(?<ffmpeg>.+))?$`,
);

/** The settings that a version names; null where this program computes other values. */
export function analysisOf(featureVersion: string): AnalysisSettings | null {
  const { preset = 'default', window, ffmpeg = null } = VERSION.exec(featureVersion)?.groups ?? {};
  const settings = {
    preset: preset as PresetName,
    window: window === undefined ? null : Number(window),
    ffmpeg,
  };
  return featureVersionOf(settings) === featureVersion ? settings : null;
}
