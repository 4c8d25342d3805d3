import { cymbal, kick, snare } from '../instruments/drums.ts';
import { ELECTRIC_PIANO, modulatedNote } from '../instruments/frequency-modulation.ts';
import { pluckedString } from '../instruments/plucked-string.ts';
import { synthesizerNotes } from '../instruments/synthesizer.ts';
import type { Composer } from '../music/composer.ts';
import type { Key, Mode } from '../music/harmony.ts';
import { chordOn, closeTo, noteOf } from '../music/harmony.ts';
import { tune } from '../music/melody.ts';
import type { Meter } from '../music/meter.ts';
import { barsIn, hitsOf, humanise, meterOf, timeOf } from '../music/meter.ts';
import { addRoom, distort, duck, master } from '../synth/effects.ts';
import { filter, filterStereo } from '../synth/filter.ts';
import { whiteNoise } from '../synth/oscillator.ts';
import type { Random } from '../synth/random.ts';
import { between, pick } from '../synth/random.ts';
import type { Stereo } from '../synth/stereo.ts';
import { mixInto, place, silence } from '../synth/stereo.ts';

interface BeatmakerHabits {
  tempo: [number, number];
  modes: Mode[];
  swing: number;
  /** `boom bap` is a broken beat under loops from records; `trap` is slow, with rolls and a booming bass. */
  beat: 'boom bap' | 'trap';
  /** What the loop on top was sampled from. */
  sample: 'electric piano' | 'plucked strings';
  /** Loudness of a worn record's crackle, 0 to 1. */
  crackle: number;
}

const PROGRESSIONS = [
  [0, 3],
  [0, 5, 3, 4],
  [1, 4, 0, 0],
  [0, 6, 5, 5],
];

const BEATS = {
  'boom bap': {
    kick: ['X..x......Xx....', 'X.....x.X.x.....', 'X......x..X..x..', 'X.x.......X.....'],
    snare: ['....X.......X...', '....X..o.o..X...', '....X.......X..o'],
    hat: ['x.x.x.x.x.x.x.x.', 'x.xox.x.x.xox.xo', 'x.x.x.xxx.x.x.x.'],
  },
  trap: {
    kick: ['X.....x...x.....', 'X..x......x..x..', 'X.........x.x...'],
    snare: ['........X.......', '........X......o'],
    hat: ['x.x.x.x.x.x.xxxx', 'x.xxx.x.x.x.xxx.', 'xxx.x.xxx.x.x.x.'],
  },
};

/** Dust and scratches: sparse clicks of random loudness over a little hiss. */
function crackle(seconds: number, random: Random): Float32Array {
  const out = whiteNoise(seconds, random);
  for (let i = 0; i < out.length; i++) {
    out[i] = out[i]! * 0.012 + (random() < 0.00035 ? (random() - 0.5) * 2 * random() : 0);
  }
  return filter(out, 'highPass', 900);
}

function bassNote(note: number, seconds: number, habits: BeatmakerHabits, random: Random): Float32Array {
  if (habits.beat === 'boom bap') {
    const strings = { ring: 3, brightness: 0.25, position: 0.3, muting: 0.1 };
    return filter(pluckedString(note, 1, seconds, strings, random), 'lowPass', 700);
  }
  const envelope = { attack: 0.003, decay: 1.2, sustain: 0.2, release: 0.08 };
  const patch = {
    shape: 'sine',
    voices: 1,
    detune: 0,
    envelope,
    corner: 2000,
    opening: 0,
    closing: 1,
    resonance: 0.7,
  } as const;
  return distort(synthesizerNotes([note], 1, seconds, patch, random), 2);
}

/** The loop: two bars of chords and a figure above them, as if cut from an old record. */
function playSample(
  bus: Stereo,
  meter: Meter,
  key: Key,
  roots: number[],
  bars: number,
  habits: BeatmakerHabits,
  random: Random,
) {
  const rhythm = pick(random, ['x.......x.......', 'x.....x.........', 'x..x..x.........']);
  const strings = { ring: 2.5, brightness: 0.5, position: 0.2, muting: 0.15 };
  const play = (note: number, velocity: number, beats: number, beat: number, pan: number) => {
    const held = beats * meter.beat;
    const sound =
      habits.sample === 'electric piano'
        ? modulatedNote(note, velocity, held, ELECTRIC_PIANO)
        : pluckedString(note, velocity, held, strings, random);
    place(
      bus,
      sound,
      humanise(random, timeOf(meter, beat), 0.02),
      habits.sample === 'electric piano' ? 0.16 : 0.3,
      pan,
    );
  };
  for (let bar = 0; bar < bars; bar++) {
    const chord = closeTo(chordOn(key, roots[bar % roots.length]!, 5), 58);
    for (const { beat, velocity } of hitsOf(meter, bar, rhythm)) {
      for (const note of chord) play(note, velocity * between(random, 0.8, 1), 1.8, beat, -0.25);
    }
  }
  // The same eight bars come round again: it is a loop.
  const figure = tune(random, 'calm', roots, 4, meter.bar);
  for (let bar = 0; bar < bars; bar += 4) {
    for (const { beat, beats, degree } of figure) {
      play(noteOf(key, degree) + 12, 0.7, beats, bar * meter.bar + beat, 0.3);
    }
  }
}

/** A beat for a rapper: drums that lean back, a bass, a loop, a bar in which the drums fall silent. */
export function hipHop(habits: BeatmakerHabits): Composer {
  return (random: Random, seconds: number): Stereo => {
    const key = { tonic: 60 + pick(random, [-5, -3, -2, 0, 1, 3]), mode: pick(random, habits.modes) };
    const meter = meterOf(between(random, ...habits.tempo), 4, habits.swing);
    const roots = pick(random, PROGRESSIONS);
    const bars = barsIn(meter, seconds);
    const trap = habits.beat === 'trap';
    const patterns = Object.fromEntries(
      Object.entries(BEATS[habits.beat]).map(([drum, choices]) => [drum, pick(random, choices)]),
    ) as Record<'kick' | 'snare' | 'hat', string>;
    const kit = {
      kick: kick(trap ? 48 : 58, trap ? 0.5 : 0.28, 0.5, random),
      snare: snare(trap ? 210 : 185, trap ? 0.16 : 0.22, random),
      hat: cymbal(trap ? 0.05 : 0.07, trap ? 8000 : 5500, random),
      openHat: cymbal(0.35, 6000, random),
    };
    const [sample, low, drums] = [silence(seconds), silence(seconds), silence(seconds)];
    playSample(sample, meter, key, roots, bars, habits, random);
    filterStereo(sample, 'lowPass', trap ? 3500 : 2600);
    filterStereo(sample, 'highPass', 160);

    const kicks: number[] = [];
    for (let bar = 0; bar < bars; bar++) {
      const root = closeTo([noteOf(key, roots[bar % roots.length]!)], trap ? 32 : 38)[0]!;
      const silent = bar % 8 === 7;
      const drum = (sound: Float32Array, pattern: string, gain: number, pan: number) => {
        for (const { beat, velocity } of hitsOf(meter, bar, pattern)) {
          place(drums, sound, timeOf(meter, beat), gain * velocity * between(random, 0.9, 1), pan);
        }
      };
      for (const { beat } of hitsOf(meter, bar, patterns.kick)) {
        const time = timeOf(meter, beat);
        if (!silent) kicks.push(time);
        place(low, bassNote(root, meter.beat * (trap ? 2.2 : 1.2), habits, random), time, trap ? 0.5 : 0.8);
      }
      if (silent) continue;
      drum(kit.kick, patterns.kick, 0.85, 0);
      drum(kit.snare, patterns.snare, 0.6, 0);
      drum(kit.hat, patterns.hat, 0.2, 0.25);
      // Thirty-seconds at the end of every other bar are what a trap beat is known by.
      if (trap && bar % 2 === 1) drum(kit.hat, `${'.'.repeat(24)}xxxxxxxx`, 0.16, 0.25);
      if (bar % 4 === 3) drum(kit.openHat, '..............x.', 0.25, 0.25);
    }
    mixInto(sample, duck(low, kicks, 0.5, 0.12));
    addRoom(drums, { seconds: trap ? 0.9 : 0.4, brightness: 4000 }, 0.15);
    mixInto(sample, drums);
    if (habits.crackle > 0) place(sample, crackle(seconds, random), 0, 0.5 * habits.crackle);
    return master(sample, -14);
  };
}
