import { HOP_LENGTH, SAMPLE_RATE } from './descriptors.ts';
import { meanAutocorrelation } from './mean-autocorrelation.ts';

/** librosa.feature.tempo 0.11: ac_size=8 s in frames, start_bpm, std_bpm in octaves, max_tempo. */
const WINDOW = Math.floor((8 * SAMPLE_RATE) / HOP_LENGTH);
const EXPECTED_TEMPO = 120;
const SPREAD_OCTAVES = 1;
const MAXIMUM_TEMPO = 320;

export interface Tempo {
  /** Beats a minute, below 320. */
  tempo: number;
  /** Autocorrelation at one beat's distance, 0 (no pulse at all) to 1. */
  strength: number;
  /** Frames from one beat to the next. */
  beat: number;
}

/** @param lag Frames from one beat to the next. */
function tempoOf(lag: number): number {
  return (60 * SAMPLE_RATE) / (HOP_LENGTH * lag);
}

/**
 * The one tempo of a clip: the beat's distance at which the onset strength is most like itself, in stretches of
 * 8 s and on average over all frames, weighted by a log-normal prior around 120 beats a minute
 * (librosa.feature.tempo 0.11). The strength is that average itself. Without any onset the prior alone decides.
 *
 * @param onsetStrength One value a frame, at least one.
 */
export function estimateTempo(onsetStrength: Float32Array): Tempo {
  const autocorrelation = meanAutocorrelation(onsetStrength, WINDOW);
  let best: Tempo = { tempo: 0, strength: 0, beat: 0 };
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let lag = 1; lag < WINDOW; lag++) {
    const tempo = tempoOf(lag);
    if (tempo >= MAXIMUM_TEMPO) continue;
    // Rounding can leave less than nothing.
    const strength = Math.max(0, autocorrelation[lag]);
    const octaves = Math.log2(tempo / EXPECTED_TEMPO) / SPREAD_OCTAVES;
    const score = Math.log1p(1e6 * strength) - 0.5 * octaves ** 2;
    if (score <= bestScore) continue;
    best = { tempo, strength, beat: lag };
    bestScore = score;
  }
  return best;
}
