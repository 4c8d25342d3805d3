import { expect, test } from 'vitest';
import { DERIVED_COLUMNS, fifthOf, sourcesOf, withDerived } from '../../src/search/derived-columns.ts';

const octave = (tempo: number) => DERIVED_COLUMNS.tempo_octave!.make(tempo);
const apart = (a: number[], b: number[]) => Math.hypot(...a.map((value, i) => value - b[i]!));

test.each([47.3, 61, 89.99, 90, 123.046875, 128, 200.5, 255.99])(
  'puts a tempo of %d at its place in the octave, on the unit circle',
  (tempo) => {
    const [x, y] = octave(tempo) as [number, number];
    expect(Math.hypot(x, y)).toBeCloseTo(1, 12);
    const turn = 2 * Math.PI * Math.log2(tempo);
    // A seventh of a degree.
    expect(apart([x, y], [Math.cos(turn), Math.sin(turn)])).toBeLessThan(0.0025);
  },
);

test('takes tempi an octave apart for one, but tells them by their level', () => {
  expect(apart(octave(61), octave(122))).toBeLessThan(1e-12);
  expect(apart(octave(61), octave(244))).toBeLessThan(1e-12);
  expect(apart(octave(90), octave(127.3))).toBeGreaterThan(1.9);
  const level = (tempo: number) => DERIVED_COLUMNS.tempo_level!.make(tempo)[0]!;
  for (const tempo of [0.7, 1, 61, 122, 1e4]) expect(level(tempo)).toBeCloseTo(Math.log2(tempo), 8);
  expect([...octave(0), level(0)].every(Number.isFinite)).toBe(true);
});

test('puts a minor key where the major key of the same notes is, and fifths side by side', () => {
  const [cMajor, gMajor, aMinor, fSharpMajor] = [0, 7, 12 + 9, 6];
  expect(fifthOf(aMinor)).toBe(fifthOf(cMajor));
  expect(fifthOf(gMajor)).toBe(1);
  const place = (key: number, strength = 1) => DERIVED_COLUMNS.key_fifths!.make(key, strength);
  expect(apart(place(cMajor), place(gMajor))).toBeLessThan(0.53);
  expect(apart(place(cMajor), place(fSharpMajor))).toBeCloseTo(2, 6);
  expect(apart(place(cMajor, 0), place(fSharpMajor, 0))).toBe(0);
});

test('names what columns are made of, and makes those that can be', () => {
  expect(sourcesOf(['key_fifths', 'mfcc_mean', 'key_mode'])).toEqual([
    'key_mean',
    'key_strength_mean',
    'mfcc_mean',
  ]);
  const made = withDerived({ tempo_mean: [120], mfcc_mean: [1, 2] });
  expect(Object.keys(made).sort()).toEqual(['mfcc_mean', 'tempo_level', 'tempo_mean', 'tempo_octave']);
});
