import { shaker, tom } from '../instruments/drums.ts';
import type { StringSound } from '../instruments/plucked-string.ts';
import { pluckedString } from '../instruments/plucked-string.ts';
import { whistleNote } from '../instruments/whistle.ts';
import type { Composer } from '../music/composer.ts';
import type { Key, Mode } from '../music/harmony.ts';
import { chordOn, closeTo, noteOf } from '../music/harmony.ts';
import { tune } from '../music/melody.ts';
import type { Meter } from '../music/meter.ts';
import { barsIn, hitsOf, humanise, meterOf, timeOf } from '../music/meter.ts';
import { addRoom, master } from '../synth/effects.ts';
import { equalise, filterStereo } from '../synth/filter.ts';
import type { Random } from '../synth/random.ts';
import { between, pick } from '../synth/random.ts';
import type { Room } from '../synth/reverb.ts';
import type { Stereo } from '../synth/stereo.ts';
import { mixInto, place, silence } from '../synth/stereo.ts';

interface FolkHabits {
  tempo: [number, number];
  modes: Mode[];
  beatsPerBar: 3 | 4;
  hand: 'fingers' | 'strumming';
  strings: StringSound;
  /** Who carries the tune; some leave it to the guitar alone. */
  tune: 'whistle' | 'second guitar' | 'none';
  /** A foot and a shaker. */
  feet: boolean;
  room: Room;
}

const PROGRESSIONS = [
  [0, 3, 0, 4],
  [0, 4, 5, 3],
  [0, 5, 3, 4],
  [0, 0, 3, 4],
  [0, 6, 3, 0],
];

/** Strings of the chord by step, from the lowest up; the thumb goes between the low ones (Travis picking). */
const PICKING = {
  3: ['0.3.4.', '034354', '0.4353'],
  4: ['0.314.32', '04314.31', '0.314352', '0415041.'],
};
const STRUMMING = {
  3: ['D..DUD', 'D.DUDU'],
  4: ['D..D.UDU', 'D.DU.UDU', 'DUDUDUDU'],
};

/** Six notes from the bass up, as a guitarist grips the chord. */
function grip(key: Key, root: number): number[] {
  const bass = closeTo([noteOf(key, root)], 43)[0]!;
  const upper = [52, 56, 60, 64].flatMap((centre, i) => closeTo([chordOn(key, root)[(i + 1) % 3]!], centre));
  return [bass, bass + 7, ...upper].sort((a, b) => a - b);
}

function playGuitar(
  bus: Stereo,
  meter: Meter,
  key: Key,
  roots: number[],
  bars: number,
  habits: FolkHabits,
  random: Random,
) {
  const hands = habits.hand === 'fingers' ? PICKING : STRUMMING;
  const patterns = [0, 1].map(() => pick(random, hands[habits.beatsPerBar]));
  for (let bar = 0; bar < bars; bar++) {
    const strings = grip(key, roots[bar % roots.length]!);
    // The second half of every eight bars has another pattern.
    const pattern = patterns[Math.floor(bar / 4) % 2]!;
    const step = meter.bar / pattern.length;
    [...pattern].forEach((mark, i) => {
      if (mark === '.') return;
      const time = humanise(random, timeOf(meter, bar * meter.bar + i * step));
      const accent = i === 0 ? 1 : between(random, 0.65, 0.85);
      const pluck = (string: number, delay: number, velocity: number) => {
        const seconds = habits.hand === 'fingers' ? meter.beat * 2.2 : meter.beat * 1.4;
        place(
          bus,
          pluckedString(strings[string]!, velocity, seconds, habits.strings, random),
          time + delay,
          0.5,
          -0.2,
        );
      };
      if (habits.hand === 'fingers') {
        pluck(Number(mark), 0, accent);
        return;
      }
      const strum =
        mark === 'D' ? { order: [0, 1, 2, 3, 4, 5], force: 0.6 } : { order: [5, 4, 3, 2], force: 0.42 };
      strum.order.forEach((string, n) => {
        pluck(string, n * 0.011, accent * strum.force);
      });
    });
  }
}

/** A guitar, picked or strummed, a tune above it, here and there a foot that stamps. */
export function folk(habits: FolkHabits): Composer {
  return (random: Random, seconds: number): Stereo => {
    const key = { tonic: 60 + pick(random, [-5, -3, -1, 0, 2, 4]), mode: pick(random, habits.modes) };
    const meter = meterOf(between(random, ...habits.tempo), habits.beatsPerBar, between(random, 0.5, 0.56));
    const roots = pick(random, PROGRESSIONS);
    const bars = barsIn(meter, seconds);
    const guitar = silence(seconds);
    playGuitar(guitar, meter, key, roots, bars, habits, random);
    // The air and the top plate of a guitar's body.
    for (const channel of [guitar.left, guitar.right]) equalise(equalise(channel, 105, 3, 5), 205, 3, 4);
    filterStereo(guitar, 'highPass', 75);

    const others = silence(seconds);
    // The tune comes in after four bars, and rests for four in every twelve.
    const tuneBars = (beat: number) => Math.floor(beat / meter.bar) % 12 >= 4;
    for (const { beat, beats, degree } of tune(random, 'flowing', roots, bars, meter.bar)) {
      if (habits.tune === 'none' || !tuneBars(beat)) continue;
      const time = humanise(random, timeOf(meter, beat));
      if (habits.tune === 'whistle') {
        place(
          others,
          whistleNote(noteOf(key, degree) + 12, 0.8, beats * meter.beat * 0.95, random),
          time,
          0.13,
          0.25,
        );
      } else {
        const sound = pluckedString(
          noteOf(key, degree) + 12,
          0.9,
          beats * meter.beat + 0.4,
          habits.strings,
          random,
        );
        place(others, sound, time, 0.6, 0.45);
      }
    }
    if (habits.feet) {
      const stomp = tom(70, 0.3);
      for (let bar = 0; bar < bars; bar++) {
        const beats = habits.beatsPerBar === 3 ? 'X.....' : 'X...X...';
        for (const hit of hitsOf(meter, bar, beats)) {
          place(others, stomp, humanise(random, timeOf(meter, hit.beat)), 0.45);
        }
        for (const hit of hitsOf(meter, bar, 'oxoX'.repeat(2).slice(0, habits.beatsPerBar * 2))) {
          place(others, shaker(random), humanise(random, timeOf(meter, hit.beat)), 0.18 * hit.velocity, 0.5);
        }
      }
    }
    mixInto(guitar, others);
    return master(addRoom(guitar, habits.room, 0.25), -18);
  };
}
