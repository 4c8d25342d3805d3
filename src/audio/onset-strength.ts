import { DESCRIPTORS, FRAME_LENGTH, HOP_LENGTH } from './descriptors.ts';
import {
  add,
  advance,
  constant,
  kernel,
  load,
  maximum,
  set,
  store,
  subtract,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, heap } from './wasm-memory.ts';

const BANDS = DESCRIPTORS.mel;

/** A difference belongs to the later of its two frames, and a frame hears an onset half its length early. */
const DELAY_FRAMES = 1 + FRAME_LENGTH / (2 * HOP_LENGTH);

/** The bands of two frames, even and odd ones in turn, and four partial sums. */
const rows = allocate(2 * BANDS);
const sums = allocate(4);

const sumRises = kernel(({ parameter, vector }) => {
  const [before, end, band, result] = [parameter(), parameter(), parameter(), parameter()];
  const sum = vector();
  return [
    whileBelow(
      before,
      end,
      set(sum, add(sum, maximum(constant(0), subtract(load(band), load(before))))),
      advance(before, 16),
      advance(band, 16),
    ),
    store(result, sum),
  ];
});

/**
 * Onset strength in dB: how much louder the mel bands are than a frame before, softer ones counted as 0, the
 * mean over the bands (librosa.onset.onset_strength 0.11: lag=1, max_size=1, center=True). It stands two frames
 * late, as librosa has it, so the first three frames have 0.
 *
 * @param decibels The mel spectrogram, frames × 128, row-major.
 * @param strength One value a frame, all 0; written.
 */
export function writeOnsetStrength(decibels: Float32Array, strength: Float32Array): void {
  const values = heap();
  values.set(decibels.subarray(0, BANDS), rows);
  for (let frame = DELAY_FRAMES; frame < strength.length; frame++) {
    const later = frame - DELAY_FRAMES + 1;
    const place = rows + (later % 2) * BANDS;
    const before = rows + ((later + 1) % 2) * BANDS;
    values.set(decibels.subarray(later * BANDS, (later + 1) * BANDS), place);
    sumRises(4 * before, 4 * (before + BANDS), 4 * place, 4 * sums);
    strength[frame] = (values[sums] + values[sums + 1] + values[sums + 2] + values[sums + 3]) / BANDS;
  }
}
