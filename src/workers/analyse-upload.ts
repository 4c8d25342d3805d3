import type { AnalysisSettings } from '../audio/analysis-settings.ts';
import type { ClipStatistics } from '../audio/descriptors.ts';
import { type ErrorCode, SoundalikeError } from '../errors.ts';
import { createAnalyser } from './analyser.ts';

/**
 * How a file from a stranger sounds.
 *
 * @param file Absolute path.
 * @param signal Ends the analysis.
 * @throws SoundalikeError AUDIO_…; the signal's reason.
 */
export type AnalyseUpload = (
  file: string,
  settings: AnalysisSettings,
  signal: AbortSignal,
) => Promise<{ statistics: ClipStatistics; seconds: number }>;

/**
 * Analyses each file in a process of its own, which ends with it: what a file does to its decoder meets no other. It
 * has one try, and this program's decoders alone, since ffmpeg opens what a file names (playlists).
 */
export function uploadAnalysis(limits: { maximumSeconds: number; timeoutSeconds: number }): AnalyseUpload {
  const remedies: Partial<Record<ErrorCode, string>> = {
    AUDIO_TOO_LONG: `the audio is longer than ${limits.maximumSeconds} s (UPLOAD_MAX_SECONDS): send a part of it`,
    AUDIO_TIMED_OUT: `the analysis takes longer than ${limits.timeoutSeconds} s (UPLOAD_TIMEOUT_SECONDS): send a shorter file`,
  };
  return async (file, settings, signal) => {
    const analyser = createAnalyser({ ...limits, tries: 1 }, { ...settings, ffmpeg: null });
    try {
      const { features } = await analyser.analyse(file, signal);
      return { statistics: features.statistics, seconds: features.seconds };
    } catch (error) {
      const remedy = error instanceof SoundalikeError && remedies[error.code];
      throw remedy ? new SoundalikeError(error.code, remedy, { cause: error }) : error;
    } finally {
      analyser.close();
    }
  };
}
