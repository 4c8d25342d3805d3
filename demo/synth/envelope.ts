import { RATE } from './stereo.ts';

/** Seconds of attack, decay and release, and the level held between, 0 to 1. */
export interface Envelope {
  attack: number;
  decay: number;
  sustain: number;
  release: number;
}

/** Shapes a sound in place: the release takes its last part. */
export function shape(sound: Float32Array, { attack, decay, sustain, release }: Envelope): Float32Array {
  const attackEnd = Math.round(attack * RATE);
  const releaseStart = Math.max(0, sound.length - Math.round(release * RATE));
  // Exponential, as struck and plucked things decay; after 3 time constants 5 % of the way is left.
  const ratio = Math.exp(-3 / (decay * RATE));
  let fall = 1;
  for (let i = 0; i < sound.length; i++) {
    const rise = i < attackEnd ? i / attackEnd : 1;
    if (i >= attackEnd) fall *= ratio;
    const end = i < releaseStart ? 1 : (sound.length - i) / (sound.length - releaseStart);
    sound[i]! *= rise * (sustain + (1 - sustain) * fall) * end * end;
  }
  return sound;
}

/** An exponential decay in place, down 60 dB after `seconds`. */
export function decay(sound: Float32Array, seconds: number): Float32Array {
  const ratio = 10 ** (-3 / (seconds * RATE));
  let level = 1;
  for (let i = 0; i < sound.length; i++) {
    sound[i]! *= level;
    level *= ratio;
  }
  return sound;
}

/** Fades the last part of a sound out in place, so that it ends without a click. */
export function fadeOut(sound: Float32Array, seconds: number): Float32Array {
  const length = Math.min(sound.length, Math.round(seconds * RATE));
  for (let i = 0; i < length; i++) sound[sound.length - 1 - i]! *= i / length;
  return sound;
}
