import { pianoNote } from '../instruments/piano.ts';
import type { Composer } from '../music/composer.ts';
import type { Key, Mode } from '../music/harmony.ts';
import { chordOn, closeTo, noteOf } from '../music/harmony.ts';
import type { Pace } from '../music/melody.ts';
import { tune } from '../music/melody.ts';
import { barsIn, humanise, meterOf, timeOf } from '../music/meter.ts';
import { addRoom, master } from '../synth/effects.ts';
import type { Random } from '../synth/random.ts';
import { between, pick } from '../synth/random.ts';
import type { Room } from '../synth/reverb.ts';
import type { Stereo } from '../synth/stereo.ts';
import { place, silence } from '../synth/stereo.ts';

interface PianistHabits {
  tempo: [number, number];
  modes: Mode[];
  /** What the left hand does. */
  leftHand: 'arpeggio' | 'waltz' | 'held chords';
  pace: Pace;
  /** Felt between hammers and strings, 0 to 1. */
  felt: number;
  room: Room;
}

/** Each bar's chord, as a degree. */
const PROGRESSIONS = [
  [0, 5, 3, 4],
  [0, 4, 5, 3],
  [0, 2, 3, 4],
  [5, 3, 0, 4],
  [0, 3, 5, 4],
];

/** The left hand's notes of a bar: beat, length in beats, pitch, loudness. */
function leftHandNotes(habits: PianistHabits, key: Key, root: number, beats: number) {
  const low = closeTo([noteOf(key, root)], 43)[0]!;
  const chord = closeTo(chordOn(key, root), 55);
  if (habits.leftHand === 'held chords') {
    const strokes = chord.map((note, i) => ({ beat: 0.04 * i, beats, note, velocity: 0.42 }));
    return [{ beat: 0, beats, note: low - 12, velocity: 0.5 }, ...strokes];
  }
  if (habits.leftHand === 'waltz') {
    const offBeats = [1, 2].flatMap((beat) =>
      chord.map((note) => ({ beat, beats: 0.8, note, velocity: 0.36 })),
    );
    return [{ beat: 0, beats, note: low, velocity: 0.55 }, ...offBeats];
  }
  const figure = [low, chord[0]!, chord[1]!, chord[2]!, chord[1]! + 12, chord[2]!, chord[1]!, chord[0]!];
  return Array.from({ length: beats * 2 }, (_, i) => ({
    beat: i / 2,
    // The pedal holds the bar together.
    beats: beats - i / 2,
    note: figure[i % figure.length]!,
    velocity: i === 0 ? 0.52 : 0.34,
  }));
}

/** A ballad for piano alone: a left-hand figure, a tune above, the second half an octave fuller. */
export function piano(habits: PianistHabits): Composer {
  return (random: Random, seconds: number): Stereo => {
    const key = { tonic: 60 + pick(random, [-5, -4, -2, 0, 2, 3, 5]), mode: pick(random, habits.modes) };
    const meter = meterOf(between(random, ...habits.tempo), habits.leftHand === 'waltz' ? 3 : 4);
    const roots = pick(random, PROGRESSIONS);
    const bars = barsIn(meter, seconds);
    const bus = silence(seconds);
    const strike = (beat: number, beats: number, note: number, velocity: number) => {
      const held = Math.min(8, beats * meter.beat * 1.05);
      const sound = pianoNote(note, velocity * between(random, 0.85, 1.1), held, habits.felt, random);
      // Low strings lie to the player's left.
      place(bus, sound, humanise(random, timeOf(meter, beat), 0.02), 0.3, (note - 60) / 60);
    };
    for (let bar = 0; bar < bars; bar++) {
      const root = roots[bar % roots.length]!;
      for (const { beat, beats, note, velocity } of leftHandNotes(habits, key, root, meter.bar)) {
        strike(bar * meter.bar + beat, beats, note, velocity);
      }
    }
    for (const { beat, beats, degree } of tune(random, habits.pace, roots, bars, meter.bar)) {
      const fuller = beat > (bars * meter.bar) / 2;
      const note = noteOf(key, degree) + (key.tonic > 62 ? 0 : 12);
      strike(beat, beats + 0.5, note, fuller ? 0.8 : 0.66);
      if (fuller) strike(beat, beats + 0.5, note - 12, 0.5);
    }
    return master(addRoom(bus, habits.room, 0.35), -20);
  };
}
