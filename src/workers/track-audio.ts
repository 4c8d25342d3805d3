import { type Decodable, decodable } from '../audio/analyse.ts';
import type { AnalysisSettings } from '../audio/analysis-settings.ts';
import type { ByteSource } from '../audio/byte-source.ts';
import type { DecodeLimits } from '../audio/decode.ts';
import { decodeWithFfmpeg } from './ffmpeg.ts';

/**
 * A file's sound, by the decoder that was chosen.
 *
 * @param file Absolute path; `source` is its content.
 */
export function trackAudio(
  file: string,
  source: ByteSource,
  limits: DecodeLimits,
  { ffmpeg }: AnalysisSettings,
): Decodable {
  if (ffmpeg === null) return decodable(source, limits);
  return {
    statedSeconds: async () => null,
    decode: (take) => decodeWithFfmpeg(file, limits, take),
  };
}
