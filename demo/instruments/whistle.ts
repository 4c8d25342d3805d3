import { hertz } from '../music/harmony.ts';
import { shape } from '../synth/envelope.ts';
import { filter } from '../synth/filter.ts';
import { addTone, whiteNoise } from '../synth/oscillator.ts';
import type { Random } from '../synth/random.ts';
import { between } from '../synth/random.ts';

/** Loudness of the first four harmonics: a whistle is nearly a sine. */
const HARMONICS = [1, 0.35, 0.12, 0.06];

/** A note on a tin whistle or wooden flute: few harmonics, breath around the pitch, late vibrato. */
export function whistleNote(note: number, velocity: number, seconds: number, random: Random): Float32Array {
  const hz = hertz(note);
  const vibrato = { rate: between(random, 4.6, 5.4), depth: 0.18, onset: 0.5 };
  const length = seconds + 0.08;
  const out = filter(whiteNoise(length, random), 'bandPass', hz * 2, 2);
  for (let i = 0; i < out.length; i++) out[i]! *= 0.25 * velocity;
  HARMONICS.forEach((level, n) => {
    addTone(out, 'sine', hz * (n + 1), level * velocity, 0, vibrato);
  });
  return shape(out, { attack: 0.05, decay: 0.3, sustain: 0.8, release: 0.1 });
}
