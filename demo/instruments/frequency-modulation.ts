import { hertz } from '../music/harmony.ts';
import { fadeOut } from '../synth/envelope.ts';
import { RATE } from '../synth/stereo.ts';

/** One modulator on one carrier (Chowning 1973). */
interface Operator {
  /** Modulator's frequency over the carrier's. */
  ratio: number;
  /** Modulation index at a velocity of 1, and seconds until it is down to 5 %. */
  index: number;
  indexDecay: number;
  /** Share of the whole sound. */
  level: number;
  /** Seconds until the carrier is down 60 dB. */
  ring: number;
}

export type Timbre = Operator[];

/** An electric piano: a warm body, and a tine that rings at the stroke. */
export const ELECTRIC_PIANO: Timbre = [
  { ratio: 1, index: 1.3, indexDecay: 1.2, level: 0.8, ring: 5 },
  { ratio: 14, index: 0.5, indexDecay: 0.25, level: 0.2, ring: 1.2 },
];

/** A bell: partials that are no harmonics. */
export const BELL: Timbre = [
  { ratio: 3.51, index: 2.2, indexDecay: 3, level: 0.7, ring: 7 },
  { ratio: 1.41, index: 0.8, indexDecay: 1, level: 0.3, ring: 3 },
];

/**
 * A note of frequency modulation.
 *
 * @param velocity 0 to 1: loudness and brightness.
 * @param seconds Until the key is let go.
 */
export function modulatedNote(note: number, velocity: number, seconds: number, timbre: Timbre): Float32Array {
  const out = new Float32Array(Math.round((seconds + 0.2) * RATE));
  const omega = (2 * Math.PI * hertz(note)) / RATE;
  for (const { ratio, index, indexDecay, level, ring } of timbre) {
    const ringRatio = 10 ** (-3 / (ring * RATE));
    const indexRatio = Math.exp(-3 / (indexDecay * RATE));
    let amplitude = level * velocity;
    let depth = index * velocity;
    const length = Math.min(out.length, Math.round(ring * RATE));
    for (let i = 0; i < length; i++) {
      out[i]! += amplitude * Math.sin(omega * i + depth * Math.sin(omega * ratio * i));
      amplitude *= ringRatio;
      depth *= indexRatio;
    }
  }
  // A few milliseconds of attack keep the stroke from clicking.
  for (let i = 0; i < 130; i++) out[i]! *= i / 130;
  return fadeOut(out, 0.2);
}
