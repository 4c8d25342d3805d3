import { BELL, modulatedNote } from '../instruments/frequency-modulation.ts';
import type { Patch } from '../instruments/synthesizer.ts';
import { synthesizerNotes } from '../instruments/synthesizer.ts';
import type { Composer } from '../music/composer.ts';
import type { Mode } from '../music/harmony.ts';
import { chordOn, closeTo, noteOf } from '../music/harmony.ts';
import { addEcho, addRoom, master } from '../synth/effects.ts';
import { sweptLowPass } from '../synth/filter.ts';
import { whiteNoise } from '../synth/oscillator.ts';
import type { Random } from '../synth/random.ts';
import { between, pick } from '../synth/random.ts';
import type { Stereo } from '../synth/stereo.ts';
import { mixInto, place, RATE, silence } from '../synth/stereo.ts';

interface DroneHabits {
  modes: Mode[];
  /** Seconds that a chord stays. */
  chordSeconds: [number, number];
  /** The note that the pads' chords lie around. */
  register: number;
  /** Corner of the pads' filter in Hz. */
  corner: [number, number];
  shape: 'saw' | 'square' | 'sine';
  /** Bells a minute, and the loudness of the noise that comes and goes like surf, 0 to 1. */
  bells: number;
  surf: number;
  /** Seconds of the space. */
  space: number;
}

/** Slow harmony that circles rather than leads. */
const PROGRESSIONS = [
  [0, 3],
  [0, 5, 2],
  [0, 4, 3],
  [0, 1, 0, 6],
];

function padPatch(habits: DroneHabits, corner: number, attack: number): Patch {
  return {
    shape: habits.shape,
    voices: 2,
    detune: 0.09,
    envelope: { attack, decay: 1, sustain: 1, release: attack },
    corner,
    opening: 1.2,
    closing: 9,
    resonance: 0.9,
  };
}

/** Waves of filtered noise, each swelling and going back over several seconds. */
function addSurf(bus: Stereo, seconds: number, loudness: number, random: Random): void {
  for (const pan of [-0.8, 0.8]) {
    const period = between(random, 6, 11);
    const start = random();
    const swell = (time: number) => Math.sin(Math.PI * (time / period + start)) ** 2;
    const noise = sweptLowPass(whiteNoise(seconds, random), (time) => 250 + 900 * swell(time), 1.2);
    for (let i = 0; i < noise.length; i++) noise[i]! *= 0.3 + 0.7 * swell(i / RATE);
    place(bus, noise, 0, 0.16 * loudness, pan);
  }
}

/** Drones, pads that melt into each other, far bells, surf; no beat at all. */
export function ambient(habits: DroneHabits): Composer {
  return (random: Random, seconds: number): Stereo => {
    const key = { tonic: 48 + pick(random, [-5, -3, 0, 2, 4]), mode: pick(random, habits.modes) };
    const chordSeconds = between(random, ...habits.chordSeconds);
    const corner = between(random, ...habits.corner);
    const roots = pick(random, PROGRESSIONS);
    const attack = chordSeconds * 0.45;
    const bus = silence(seconds);
    const pad = padPatch(habits, corner, attack);
    // The first chord begins before the clip, which is cut from the middle of a piece.
    for (let n = 0, at = -attack; at < seconds; n++, at += chordSeconds) {
      const chord = closeTo(chordOn(key, roots[n % roots.length]!, 4), habits.register);
      const held = Math.min(chordSeconds, seconds - at);
      // Each side has oscillators of its own, which makes the pad wide; the upper notes come a little late.
      for (const pan of [-0.7, 0.7]) {
        place(bus, synthesizerNotes(chord.slice(0, 2), 0.8, held, pad, random), at, 0.12, pan);
        place(bus, synthesizerNotes(chord.slice(2), 0.8, held, pad, random), at + attack * 0.3, 0.1, -pan);
      }
    }
    const drone = {
      ...pad,
      voices: 2,
      detune: 0.05,
      corner: 300,
      opening: 0,
      envelope: { ...pad.envelope, attack: 3 },
    };
    for (const [interval, gain] of [
      [-12, 0.3],
      [-5, 0.12],
    ] as const) {
      place(bus, synthesizerNotes([key.tonic + interval], 0.8, seconds, drone, random), -3, gain, 0);
    }
    if (habits.surf > 0) addSurf(bus, seconds, habits.surf, random);

    const bells = silence(seconds);
    for (
      let at = random() * 3;
      habits.bells > 0 && at < seconds;
      at += between(random, 0.3, 1.7) * (60 / habits.bells)
    ) {
      const note = noteOf(key, pick(random, [0, 2, 4, 6, 7, 9])) + 24;
      place(
        bells,
        modulatedNote(note, between(random, 0.3, 0.8), 5, BELL),
        at,
        0.1,
        between(random, -0.8, 0.8),
      );
    }
    mixInto(bus, addEcho(bells, 0.61, 0.5));
    return master(addRoom(bus, { seconds: habits.space, brightness: 3500 }, 0.9), -19);
  };
}
