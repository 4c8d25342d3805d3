import { cymbal, kick, snare, tom } from '../instruments/drums.ts';
import type { StringSound } from '../instruments/plucked-string.ts';
import { pluckedString } from '../instruments/plucked-string.ts';
import type { Composer } from '../music/composer.ts';
import type { Key, Mode } from '../music/harmony.ts';
import { closeTo, noteOf } from '../music/harmony.ts';
import { tune } from '../music/melody.ts';
import type { Meter } from '../music/meter.ts';
import { barsIn, hitsOf, humanise, meterOf, timeOf } from '../music/meter.ts';
import { addRoom, distort, master } from '../synth/effects.ts';
import { equalise, filter } from '../synth/filter.ts';
import type { Random } from '../synth/random.ts';
import { between, pick } from '../synth/random.ts';
import type { Room } from '../synth/reverb.ts';
import type { Stereo } from '../synth/stereo.ts';
import { mixInto, place, silence } from '../synth/stereo.ts';

interface BandHabits {
  tempo: [number, number];
  modes: Mode[];
  /** Drive of the guitar amplifiers: 4 crunches, 25 is a wall. */
  drive: number;
  /** Corner of the guitar cabinets in Hz. */
  cabinet: number;
  /** The verse's way: eighths under the palm, or chords left to ring. */
  verse: 'chug' | 'ring';
  beat: 'rock' | 'punk' | 'half-time';
  lead: boolean;
  room: Room;
}

const PROGRESSIONS = [
  [0, 5, 2, 6],
  [0, 3, 5, 4],
  [0, 6, 5, 6],
  [0, 0, 2, 3],
];

const RHYTHMS = { chug: ['xxxxxxxx', 'Xxx.Xxxx', 'XxxxXx.x'], ring: ['X.......', 'X..X....', 'X..X..X.'] };

const BEATS = {
  rock: { kick: 'X.....x.X.x.....', snare: '....X.......X...', hat: 'X.x.X.x.X.x.X.x.' },
  punk: { kick: 'X.....x.X.....x.', snare: '..X...X...X...X.', hat: 'X.X.X.X.X.X.X.X.' },
  'half-time': { kick: 'X..x......x.....', snare: '........X.......', hat: 'X...X...X...X...' },
};

const STEEL: StringSound = { ring: 5, brightness: 0.85, position: 0.12, muting: 0 };
const BASS: StringSound = { ring: 4, brightness: 0.6, position: 0.15, muting: 0.05 };

/** An amplifier and its loudspeaker, in place: tight lows, drive, and nothing above what the cone can do. */
function amplify(guitar: Float32Array, drive: number, cabinet: number): Float32Array {
  distort(equalise(filter(guitar, 'highPass', 110), 750, 0.8, 5), drive);
  filter(filter(guitar, 'lowPass', cabinet, 0.9), 'lowPass', cabinet * 1.2);
  return equalise(equalise(guitar, 2400, 1.2, 4), 400, 1, -3);
}

/** Two guitarists, one hard left and one hard right, play the same: their small differences make it wide. */
function playRhythmGuitars(
  bus: Stereo,
  meter: Meter,
  key: Key,
  roots: number[],
  bars: number,
  habits: BandHabits,
  random: Random,
) {
  const verse = pick(random, RHYTHMS[habits.verse]);
  const chorus = pick(random, RHYTHMS.ring);
  for (let bar = 0; bar < bars; bar++) {
    const root = closeTo([noteOf(key, roots[bar % roots.length]!)], 43)[0]!;
    const inChorus = isChorus(bar);
    const hits = hitsOf(meter, bar, inChorus ? chorus : verse);
    hits.forEach(({ beat, velocity }, i) => {
      const next = hits[i + 1]?.beat ?? (bar + 1) * meter.bar;
      const muted = !inChorus && habits.verse === 'chug' && velocity < 1;
      const sound = { ...STEEL, muting: muted ? 0.9 : 0 };
      for (const pan of [-1, 1]) {
        const time = humanise(random, timeOf(meter, beat), 0.016);
        // A power chord has no third: under distortion only root, fifth and octave stay clear.
        for (const interval of [0, 7, 12]) {
          place(
            bus,
            pluckedString(root + interval, 0.9, (next - beat) * meter.beat, sound, random),
            time,
            0.4,
            pan,
          );
        }
      }
    });
  }
}

/** Four bars of verse, four of chorus. */
function isChorus(bar: number): boolean {
  return bar % 8 >= 4;
}

function playDrums(bus: Stereo, meter: Meter, bars: number, habits: BandHabits, random: Random) {
  const kit = {
    kick: kick(62, 0.25, 0.9, random),
    snare: snare(190, 0.28, random),
    hat: cymbal(0.12, 6000, random),
    ride: cymbal(0.7, 5000, random),
    crash: cymbal(2.2, 3500, random),
    toms: [180, 140, 105, 80].map((pitch) => tom(pitch, 0.35)),
  };
  const beat = BEATS[habits.beat];
  for (let bar = 0; bar < bars; bar++) {
    const fill = bar % 4 === 3;
    const drum = (sound: Float32Array, pattern: string, gain: number, pan = 0) => {
      for (const hit of hitsOf(meter, bar, pattern)) {
        const time = humanise(random, timeOf(meter, hit.beat), 0.008);
        place(bus, sound, time, gain * hit.velocity * between(random, 0.9, 1), pan);
      }
    };
    // A fill takes the bar's last beat.
    const played = (pattern: string) => (fill ? `${pattern.slice(0, 12)}....` : pattern);
    drum(kit.kick, played(beat.kick), 0.8);
    drum(kit.snare, played(beat.snare), 0.7);
    drum(isChorus(bar) ? kit.ride : kit.hat, played(beat.hat), 0.24, 0.35);
    if (bar % 4 === 0) drum(kit.crash, 'X...............', 0.35, -0.35);
    if (!fill) continue;
    kit.toms.forEach((sound, i) => {
      drum(sound, `${'.'.repeat(12 + i)}X${'.'.repeat(3 - i)}`, 0.6, 0.5 - i / 3);
    });
  }
}

/** A band of two guitars, bass and drums: verse, chorus, fills, for some a lead guitar in the chorus. */
export function rock(habits: BandHabits): Composer {
  return (random: Random, seconds: number): Stereo => {
    const key = { tonic: 52 + pick(random, [0, 0, 2, 3, 5, 7, -2]), mode: pick(random, habits.modes) };
    const meter = meterOf(between(random, ...habits.tempo));
    const roots = pick(random, PROGRESSIONS);
    const bars = barsIn(meter, seconds);

    const guitars = silence(seconds);
    playRhythmGuitars(guitars, meter, key, roots, bars, habits, random);
    for (const channel of [guitars.left, guitars.right]) amplify(channel, habits.drive, habits.cabinet);

    const lead = silence(seconds);
    for (const { beat, beats, degree } of habits.lead ? tune(random, 'busy', roots, bars, meter.bar) : []) {
      if (!isChorus(Math.floor(beat / meter.bar))) continue;
      place(
        lead,
        pluckedString(noteOf(key, degree) + 12, 1, beats * meter.beat, STEEL, random),
        timeOf(meter, beat),
        0.7,
        -1,
      );
    }
    amplify(lead.left, habits.drive * 1.5, habits.cabinet);

    const mix = silence(seconds);
    playDrums(mix, meter, bars, habits, random);
    for (let bar = 0; bar < bars; bar++) {
      const root = closeTo([noteOf(key, roots[bar % roots.length]!)], 33)[0]!;
      for (const { beat, velocity } of hitsOf(meter, bar, 'XxxxXxxx')) {
        const sound = distort(pluckedString(root, velocity, meter.beat / 2, BASS, random), 1.5);
        place(mix, sound, humanise(random, timeOf(meter, beat)), 0.5);
      }
    }
    mixInto(mix, guitars, 0.3);
    place(mix, lead.left, 0, 0.3, 0.1);
    return master(addRoom(mix, habits.room, 0.15), -12);
  };
}
