import { clap, cymbal, kick, shaker } from '../instruments/drums.ts';
import type { Patch } from '../instruments/synthesizer.ts';
import { synthesizerNotes } from '../instruments/synthesizer.ts';
import type { Composer } from '../music/composer.ts';
import type { Mode } from '../music/harmony.ts';
import { chordOn, closeTo, noteOf } from '../music/harmony.ts';
import { barsIn, hitsOf, meterOf, timeOf } from '../music/meter.ts';
import { addEcho, addRoom, duck, master } from '../synth/effects.ts';
import type { Random } from '../synth/random.ts';
import { between, pick } from '../synth/random.ts';
import type { Stereo } from '../synth/stereo.ts';
import { mixInto, place, silence } from '../synth/stereo.ts';

interface ProducerHabits {
  tempo: [number, number];
  modes: Mode[];
  bass: 'off-beat' | 'rolling' | 'acid';
  /** Notes of the stabbed chord: three plain, five the deep house's ninth; none plays no chords. */
  stab: 0 | 3 | 5;
  /** Pitch of the bass drum in Hz and its length in seconds. */
  kick: { pitch: number; ring: number };
  /** Seconds of the hall the claps and stabs stand in. */
  hall: number;
}

const BASS: Patch = {
  shape: 'saw',
  voices: 2,
  detune: 0.06,
  envelope: { attack: 0.004, decay: 0.25, sustain: 0.5, release: 0.03 },
  corner: 160,
  opening: 2.4,
  closing: 0.18,
  resonance: 1.2,
};

const STAB: Patch = {
  shape: 'saw',
  voices: 3,
  detune: 0.12,
  envelope: { attack: 0.004, decay: 0.35, sustain: 0.15, release: 0.15 },
  corner: 500,
  opening: 3,
  closing: 0.3,
  resonance: 1.5,
};

const BASS_PATTERNS = {
  'off-beat': ['..x...x...x...x.', '..x...x...x..xx.'],
  rolling: ['.xxx.xxx.xxx.xxx', '.xx..xx..xx..xxx'],
  acid: ['x.xxx.xXx.x.xx.X', 'xx.Xx.xx.Xx.xxx.', 'x.x.Xxx.x.xX.x.x'],
};
const STAB_PATTERNS = ['..X.....x..x....', 'x..x..x.........', '...X..x....X....', 'x.....x...x.....'];
const HAT_PATTERNS = ['..X...X...X...X.', 'o.Xoo.Xoo.Xoo.Xo', 'oxXxoxXxoxXxoxXx'];

/** What a four-bar section leaves out; a clip steps through them from a random place. */
const SECTIONS = [{}, { clap: true, stab: true }, { kick: true, hat: true }, {}] as {
  kick?: boolean;
  clap?: boolean;
  hat?: boolean;
  stab?: boolean;
}[];

/** House and techno: four on the floor, bass, stabs with echoes, a filter that opens, a break, a drop. */
export function techno(habits: ProducerHabits): Composer {
  return (random: Random, seconds: number): Stereo => {
    const key = { tonic: 36 + Math.floor(random() * 8), mode: pick(random, habits.modes) };
    const meter = meterOf(between(random, ...habits.tempo));
    const bassPattern = pick(random, BASS_PATTERNS[habits.bass]);
    const stabPattern = pick(random, STAB_PATTERNS);
    const hatPattern = pick(random, HAT_PATTERNS);
    const line = Array.from({ length: 16 }, () => pick(random, [0, 0, 0, 7, 2, 4, -1]));
    const roots = pick(random, [
      [0, 0, 0, 0],
      [0, 0, 5, 6],
      [0, 3, 0, 4],
    ]);
    const kit = {
      kick: kick(habits.kick.pitch, habits.kick.ring, 0.4, random),
      clap: clap(random),
      hat: cymbal(0.09, 7000, random),
      openHat: cymbal(0.32, 6000, random),
      shaker: shaker(random),
      crash: cymbal(1.8, 4000, random),
    };
    const [drums, bass, stabs] = [silence(seconds), silence(seconds), silence(seconds)];
    const kicks: number[] = [];
    const bars = barsIn(meter, seconds);
    const opening = random() < 0.5 ? 0 : 3;
    for (let bar = 0; bar < bars; bar++) {
      const section = SECTIONS[(Math.floor(bar / 4) + opening) % SECTIONS.length]!;
      const root = roots[Math.floor(bar / 2) % roots.length]!;
      const at = (pattern: string, play: (time: number, velocity: number, step: number) => void) => {
        for (const { beat, velocity } of hitsOf(meter, bar, pattern)) {
          play(timeOf(meter, beat), velocity, Math.round((beat - bar * meter.bar) * 4));
        }
      };
      if (bar % 8 === 0) place(drums, kit.crash, timeOf(meter, bar * meter.bar), 0.18, 0.3);
      // A roll of claps, louder and louder, ends the break.
      if (section.kick && bar % 4 === 3) {
        at('xxxxxxxxxxxxxxxx', (time, _, step) => place(drums, kit.clap, time, 0.08 + 0.02 * step));
      }
      if (!section.kick) {
        at('X...X...X...X...', (time) => {
          kicks.push(time);
          place(drums, kit.kick, time, 0.8);
        });
      }
      if (!section.clap) at('....X.......X...', (time) => place(drums, kit.clap, time, 0.42));
      if (!section.hat) {
        at(hatPattern, (time, v) => place(drums, v === 1 ? kit.openHat : kit.hat, time, 0.22 * v, 0.15));
        at('xoxoxoxoxoxoxoxo', (time, v) => place(drums, kit.shaker, time, 0.15 * v, -0.4));
      }
      at(bassPattern, (time, velocity, step) => {
        const acid = habits.bass === 'acid';
        const note = noteOf(key, root + (acid ? line[step]! : 0)) + (acid && velocity === 1 ? 12 : 0);
        // The filter of an acid line opens and closes over eight bars.
        const swell = Math.sin((Math.PI * (bar % 8)) / 8);
        const patch = acid ? { ...BASS, voices: 1, corner: 180 * 2 ** (2 * swell), resonance: 7 } : BASS;
        place(
          bass,
          synthesizerNotes([note], velocity, meter.beat * 0.22, patch, random),
          time,
          acid ? 0.3 : 0.5,
        );
      });
      if (habits.stab && !section.stab) {
        const patch = { ...STAB, corner: 350 * 2 ** (2 * (bar / bars)) };
        at(stabPattern, (time, velocity) => {
          const chord = closeTo(chordOn(key, root, habits.stab), 62);
          for (const side of [-0.6, 0.6]) {
            place(stabs, synthesizerNotes(chord, velocity, meter.beat * 0.3, patch, random), time, 0.1, side);
          }
        });
      }
    }
    addRoom(addEcho(stabs, meter.beat * 0.75, 0.45), { seconds: habits.hall, brightness: 5000 }, 0.4);
    mixInto(drums, duck(bass, kicks, 0.8, meter.beat * 0.6));
    mixInto(drums, duck(stabs, kicks, 0.6, meter.beat * 0.8));
    return master(drums, -12);
  };
}
