import { DESCRIPTORS } from './descriptors.ts';

const CLASSES = DESCRIPTORS.chroma_stft;
const AXES = DESCRIPTORS.tonnetz;

/** Half turns a semitone makes on the circles of fifths, minor thirds and major thirds, and their radii. */
const CIRCLES = [
  { halfTurns: 7 / 6, radius: 1 },
  { halfTurns: 3 / 2, radius: 1 },
  { halfTurns: 2 / 3, radius: 0.5 },
];

/** 6 × 12, row-major: sine and cosine of each class on each circle. */
const coordinates = Float64Array.from({ length: AXES * CLASSES }, (_, i) => {
  const [axis, pitch] = [Math.floor(i / CLASSES), i % CLASSES];
  const { halfTurns, radius } = CIRCLES[axis >> 1];
  const angle = Math.PI * halfTurns * pitch;
  return radius * (axis % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
});

/**
 * Tonal centroid: the mean place of a frame's pitch classes on the circles of fifths, minor and major thirds,
 * two coordinates each (librosa.feature.tonnetz 0.11; Harte et al. 2006). Silence has 0.
 *
 * @param chroma frames × 12, row-major, not negative.
 * @param tonnetz frames × 6, row-major; written.
 */
export function writeTonnetz(chroma: Float32Array, tonnetz: Float32Array): void {
  for (let frame = 0; frame * AXES < tonnetz.length; frame++) {
    const row = frame * CLASSES;
    let total = 0;
    for (let pitch = 0; pitch < CLASSES; pitch++) total += chroma[row + pitch];
    if (total === 0) continue;
    for (let axis = 0; axis < AXES; axis++) {
      let sum = 0;
      for (let pitch = 0; pitch < CLASSES; pitch++) {
        sum += coordinates[axis * CLASSES + pitch] * chroma[row + pitch];
      }
      tonnetz[frame * AXES + axis] = sum / total;
    }
  }
}
