import { DESCRIPTORS, FRAME_LENGTH, HOP_LENGTH } from './descriptors.ts';

const BANDS = DESCRIPTORS.mel;

/** A difference belongs to the later of its two frames, and a frame hears an onset half its length early. */
const DELAY_FRAMES = 1 + FRAME_LENGTH / (2 * HOP_LENGTH);

/**
 * Onset strength in dB: how much louder the mel bands are than a frame before, softer ones counted as 0, the
 * mean over the bands (librosa.onset.onset_strength 0.11: lag=1, max_size=1, center=True). It stands two frames
 * late, as librosa has it, so the first three frames have 0.
 *
 * @param decibels The mel spectrogram, frames × 128, row-major.
 * @param strength One value a frame; written.
 */
export function writeOnsetStrength(decibels: Float32Array, strength: Float32Array): void {
  for (let frame = DELAY_FRAMES; frame < strength.length; frame++) {
    const before = (frame - DELAY_FRAMES) * BANDS;
    let rise = 0;
    for (let i = before; i < before + BANDS; i++) rise += Math.max(0, decibels[i + BANDS] - decibels[i]);
    strength[frame] = rise / BANDS;
  }
}
