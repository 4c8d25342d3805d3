import type { Random } from '../synth/random.ts';
import { pick } from '../synth/random.ts';

/** A note of a tune: start and length in beats, pitch as a degree of the scale. */
export interface TuneNote {
  beat: number;
  beats: number;
  degree: number;
}

/** Rhythms of two beats; a negative number is a rest. */
const CELLS = {
  calm: [[2], [1.5, 0.5], [1, 1], [-1, 1], [-2]],
  flowing: [
    [1, 1],
    [1, 0.5, 0.5],
    [0.5, 0.5, 1],
    [1.5, 0.5],
    [-0.5, 0.5, 1],
  ],
  busy: [
    [0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 1],
    [0.75, 0.25, 0.5, 0.5],
    [-0.5, 0.5, 0.5, 0.5],
    [1, 0.5, 0.5],
  ],
};

export type Pace = keyof typeof CELLS;

function motif(random: Random, pace: Pace, beats: number): TuneNote[] {
  const notes: TuneNote[] = [];
  let degree = pick(random, [0, 2, 4]);
  let beat = 0;
  while (beat < beats) {
    for (const length of pick(random, CELLS[pace])) {
      const beatsLeft = beats - beat;
      if (beatsLeft <= 0) break;
      const sounding = Math.min(Math.abs(length), beatsLeft);
      if (length > 0) notes.push({ beat, beats: sounding, degree });
      beat += sounding;
      // Mostly steps, now and then a leap; a tune that has wandered turns back.
      const move = pick(random, [-2, -1, -1, -1, 1, 1, 1, 2, 3, -3]);
      degree += degree > 7 ? -Math.abs(move) : degree < -3 ? Math.abs(move) : move;
    }
  }
  return notes;
}

/** The chord's note nearest to a degree; chords are triads of the scale on `root`. */
function nearestChordNote(degree: number, root: number): number {
  const isChordNote = (candidate: number) => [0, 2, 4].includes((((candidate - root) % 7) + 7) % 7);
  return [degree, degree - 1, degree + 1].find(isChordNote) ?? degree;
}

/**
 * A tune over a progression, in phrases of two bars that go A A B A. Notes on the first beat
 * of a bar belong to the chord, so each return of a phrase is bent to the harmony.
 *
 * @param roots Degree of each bar's chord, repeated to the end.
 * @param bars Length of the tune.
 * @param bar Beats of a bar.
 */
export function tune(random: Random, pace: Pace, roots: number[], bars: number, bar: number): TuneNote[] {
  const verse = motif(random, pace, 2 * bar);
  const answer = motif(random, pace, 2 * bar);
  const notes: TuneNote[] = [];
  for (let start = 0; start < bars; start += 2) {
    for (const note of (start / 2) % 4 === 2 ? answer : verse) {
      const root = roots[(start + Math.floor(note.beat / bar)) % roots.length]!;
      const degree = note.beat % bar === 0 ? nearestChordNote(note.degree, root) : note.degree;
      notes.push({ ...note, beat: note.beat + start * bar, degree });
    }
  }
  return notes;
}
