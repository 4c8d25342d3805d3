import type { Random } from './random.ts';
import { RATE } from './stereo.ts';

export type Shape = 'sine' | 'saw' | 'square';

/** Slow waver of the pitch: rate in Hz, depth in semitones, seconds until it is full. */
export interface Vibrato {
  rate: number;
  depth: number;
  onset: number;
}

/**
 * The correction that takes the aliasing out of a jump (polyBLEP, Välimäki & Huovilainen 2007).
 *
 * @param phase Since the jump, 0 to 1.
 * @param step Phase of one sample.
 */
function smoothedJump(phase: number, step: number): number {
  if (phase < step) {
    const t = phase / step;
    return 2 * t - t * t - 1;
  }
  if (phase > 1 - step) {
    const t = (phase - 1) / step;
    return t * t + 2 * t + 1;
  }
  return 0;
}

function sample(shape: Shape, phase: number, step: number): number {
  if (shape === 'sine') return Math.sin(2 * Math.PI * phase);
  if (shape === 'saw') return 2 * phase - 1 - smoothedJump(phase, step);
  return (phase < 0.5 ? 1 : -1) + smoothedJump(phase, step) - smoothedJump((phase + 0.5) % 1, step);
}

/**
 * Adds a tone of constant loudness to a sound.
 *
 * @param hz Pitch in Hz.
 * @param phase Where in its cycle it starts, 0 to 1.
 */
export function addTone(
  sound: Float32Array,
  shape: Shape,
  hz: number,
  gain: number,
  phase = 0,
  vibrato?: Vibrato,
): void {
  const step = hz / RATE;
  let position = phase;
  for (let i = 0; i < sound.length; i++) {
    sound[i]! += gain * sample(shape, position, step);
    // 0.0578 is ln(2) / 12: for small bends 1 + that is a semitone's ratio.
    position += vibrato ? step * (1 + 0.0578 * bendOf(vibrato, i / RATE)) : step;
    if (position >= 1) position -= 1;
  }
}

/** Semitones by which the pitch is off at a time in seconds. */
function bendOf({ rate, depth, onset }: Vibrato, time: number): number {
  return depth * Math.min(1, time / onset) * Math.sin(2 * Math.PI * rate * time);
}

/** White noise, -1 to 1. */
export function whiteNoise(seconds: number, random: Random): Float32Array {
  const out = new Float32Array(Math.round(seconds * RATE));
  for (let i = 0; i < out.length; i++) out[i] = 2 * random() - 1;
  return out;
}
