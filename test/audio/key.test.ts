import { expect, test } from 'vitest';
import { estimateKey } from '../../src/audio/key.ts';

/** Chroma of I-IV-V-I, or i-iv-V-i, one frame a chord. */
function cadence(tonic: number, minor: boolean): Float32Array {
  const third = minor ? 3 : 4;
  const chords = [
    [0, third, 7],
    [5, 5 + third, 12],
    [7, 11, 14],
    [0, third, 7],
  ];
  const chroma = new Float32Array(12 * chords.length);
  chords.forEach((chord, frame) => {
    for (const note of chord) chroma[12 * frame + ((tonic + note) % 12)] = 1;
  });
  return chroma;
}

test.each(Array.from({ length: 24 }, (_, key) => key))('the cadence of key %i is recognised', (key) => {
  const found = estimateKey(cadence(key % 12, key >= 12));
  expect(found.key).toBe(key);
  expect(found.strength).toBeGreaterThan(0.8);
});

test('a note alone has less strength than a cadence, all twelve have none', () => {
  const note = new Float32Array(12);
  note[9] = 1;
  expect(estimateKey(note).strength).toBeLessThan(estimateKey(cadence(9, false)).strength);
  expect(estimateKey(new Float32Array(120).fill(0.7))).toEqual({ key: 0, strength: 0 });
  expect(estimateKey(new Float32Array(12))).toEqual({ key: 0, strength: 0 });
});
