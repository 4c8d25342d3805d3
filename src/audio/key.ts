import { DESCRIPTORS } from './descriptors.ts';

const CLASSES = DESCRIPTORS.chroma_stft;

/**
 * How often each semitone above the tonic occurs in pieces of major and of minor keys (Albrecht & Shanahan 2013,
 * "The use of large corpora to train a new type of key-finding algorithm", Music Perception 31:1, appendix).
 */
const PROFILES = {
  major: [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.08, 0.008, 0.081],
  minor: [0.22, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
};

/** What rounding can leave of twelve equal values up to 1. */
const LEAST_LENGTH = 1e-6;

/** Profiles of mean 0 and length 1, so that their product with another is Pearson's correlation. */
const profiles = [PROFILES.major, PROFILES.minor].map(standardised);

export interface Key {
  /** 0 to 11 are C to B major, 12 to 23 C to B minor. */
  key: number;
  /** Correlation with the key's profile, 0 to 1. */
  strength: number;
}

/**
 * The key of a clip: of the 24 profiles, the one that the mean chroma correlates with most
 * (Krumhansl & Schmuckler; Krumhansl 1990, "Cognitive foundations of musical pitch", chapter 4). Without any
 * pitch, C major with strength 0.
 *
 * @param chroma frames × 12, row-major, C first.
 */
export function estimateKey(chroma: Float32Array): Key {
  const mean = new Array<number>(CLASSES).fill(0);
  for (let i = 0; i < chroma.length; i++) mean[i % CLASSES] += chroma[i] / (chroma.length / CLASSES);
  const classes = standardised(mean);
  let best: Key = { key: 0, strength: 0 };
  for (let key = 0; key < 2 * CLASSES; key++) {
    const profile = profiles[Math.floor(key / CLASSES)];
    const strength = classes.reduce(
      (sum, value, pitch) => sum + value * profile[(pitch - key + 2 * CLASSES) % CLASSES],
      0,
    );
    if (strength > best.strength) best = { key, strength };
  }
  return best;
}

/** All 0 where all values are equal but for rounding. */
function standardised(values: number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  const length = Math.hypot(...values.map((value) => value - mean));
  return values.map((value) => (length > LEAST_LENGTH ? (value - mean) / length : 0));
}
