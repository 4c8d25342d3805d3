/** Semitones of the seven degrees above the tonic. */
const MODES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  minor: [0, 2, 3, 5, 7, 8, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
} as const;

export type Mode = keyof typeof MODES;

/** A tonic as a MIDI note (60 is middle C) and a mode. */
export interface Key {
  tonic: number;
  mode: Mode;
}

/** The scale's note of a degree: 0 is the tonic, 7 the tonic an octave up, -1 the note below it. */
export function noteOf(key: Key, degree: number): number {
  const octave = Math.floor(degree / 7);
  return key.tonic + 12 * octave + MODES[key.mode][degree - 7 * octave]!;
}

/** Thirds of the scale stacked on a degree: three notes a triad, four a seventh, five a ninth. */
export function chordOn(key: Key, degree: number, notes = 3): number[] {
  return Array.from({ length: notes }, (_, i) => noteOf(key, degree + 2 * i));
}

/** The same chord with each note in the octave nearest to `centre`, low to high: a close position. */
export function closeTo(chord: number[], centre: number): number[] {
  return chord.map((note) => note + 12 * Math.round((centre - note) / 12)).sort((a, b) => a - b);
}

/** Equal temperament at A4 = 440 Hz. */
export function hertz(note: number): number {
  return 440 * 2 ** ((note - 69) / 12);
}
