import { decay } from '../synth/envelope.ts';
import { filter } from '../synth/filter.ts';
import { addTone, whiteNoise } from '../synth/oscillator.ts';
import type { Random } from '../synth/random.ts';
import { RATE } from '../synth/stereo.ts';

/** A drum skin whose pitch falls after the stroke. Pitches in Hz, times in seconds. */
interface Skin {
  from: number;
  to: number;
  /** Time constant of the fall. */
  fall: number;
  ring: number;
}

function skin({ from, to, fall, ring }: Skin): Float32Array {
  const out = new Float32Array(Math.round(ring * RATE));
  let phase = 0;
  for (let i = 0; i < out.length; i++) {
    phase += (to + (from - to) * Math.exp(-i / (fall * RATE))) / RATE;
    out[i] = Math.sin(2 * Math.PI * phase);
  }
  return decay(out, ring);
}

function add(sound: Float32Array, other: Float32Array, gain: number): Float32Array {
  for (let i = 0; i < Math.min(sound.length, other.length); i++) sound[i]! += other[i]! * gain;
  return sound;
}

/** A bass drum. @param pitch Of its tail in Hz. @param ring Seconds. @param click Loudness of the beater. */
export function kick(pitch: number, ring: number, click: number, random: Random): Float32Array {
  const beater = decay(filter(whiteNoise(0.02, random), 'bandPass', 3000, 0.7), 0.02);
  const body = skin({ from: pitch * 6, to: pitch, fall: 0.022, ring });
  for (let i = 0; i < body.length; i++) body[i] = Math.tanh(1.6 * body[i]!);
  return add(body, beater, click);
}

/** A snare: two modes of the skin, and wires. @param tone Of the skin in Hz. @param rattle Seconds. */
export function snare(tone: number, rattle: number, random: Random): Float32Array {
  const wires = decay(filter(whiteNoise(rattle, random), 'highPass', 1200), rattle);
  add(wires, skin({ from: tone * 1.5, to: tone, fall: 0.01, ring: 0.18 }), 0.8);
  return add(wires, skin({ from: tone * 2.2, to: tone * 1.7, fall: 0.01, ring: 0.1 }), 0.4);
}

/** Hands: four bursts of noise within 35 ms and a tail. */
export function clap(random: Random): Float32Array {
  const out = new Float32Array(Math.round(0.3 * RATE));
  for (const [start, ring, gain] of [
    [0, 0.02, 0.7],
    [0.011, 0.02, 0.8],
    [0.022, 0.02, 0.8],
    [0.034, 0.25, 1],
  ] as const) {
    const burst = decay(filter(whiteNoise(ring, random), 'bandPass', 1500, 1.2), ring);
    add(out.subarray(Math.round(start * RATE)), burst, gain * 1.8);
  }
  return out;
}

/** A cymbal: noise and six squares out of tune, as in the Roland TR-808. @param ring Seconds. */
export function cymbal(ring: number, corner: number, random: Random): Float32Array {
  const out = whiteNoise(ring, random);
  for (const hz of [205.3, 304.4, 369.6, 522.7, 540, 800]) addTone(out, 'square', hz * 1.9, 0.35);
  filter(out, 'highPass', corner);
  return decay(filter(out, 'highPass', corner), ring);
}

/** Grains in a box. */
export function shaker(random: Random): Float32Array {
  const out = filter(whiteNoise(0.09, random), 'bandPass', 6500, 1);
  for (let i = 0; i < out.length; i++) out[i]! *= Math.sin((Math.PI * i) / out.length) ** 2;
  return out;
}

/** A tom, or a foot on a wooden floor where it is low and short. */
export function tom(pitch: number, ring: number): Float32Array {
  return skin({ from: pitch * 1.8, to: pitch, fall: 0.03, ring });
}
