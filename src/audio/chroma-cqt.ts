import { normaliseChroma } from './chroma.ts';
import { CONSTANT_Q_BINS } from './constant-q.ts';
import { BINS_PER_OCTAVE } from './constant-q-filters.ts';

/**
 * Chroma of the constant-Q transform: the magnitudes of a pitch class in all octaves, C first, each frame divided
 * by its greatest (librosa.feature.chroma_cqt 0.11: bins_per_octave=12, norm=inf). A silent frame is all 0.
 *
 * @param constantQ frames × 84, row-major, of `constantQ`.
 * @param chroma frames × 12, row-major, all 0; written.
 */
export function writeChromaCqt(constantQ: Float32Array, chroma: Float32Array): void {
  for (let row = 0, first = 0; row < chroma.length; row += BINS_PER_OCTAVE, first += CONSTANT_Q_BINS) {
    for (let i = 0; i < CONSTANT_Q_BINS; i++) chroma[row + (i % BINS_PER_OCTAVE)] += constantQ[first + i];
  }
  normaliseChroma(chroma);
}
