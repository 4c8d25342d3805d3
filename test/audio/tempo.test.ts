import { expect, test } from 'vitest';
import { estimateTempo } from '../../src/audio/tempo.ts';

const FRAMES_PER_MINUTE = (60 * 22_050) / 512;

/** An onset at each beat of 30 s. */
function pulses(tempo: number): Float32Array {
  const strength = new Float32Array(1292);
  for (let beat = 1; beat < tempo / 2; beat++) strength[Math.round((beat * FRAMES_PER_MINUTE) / tempo)] = 3;
  return strength;
}

// As librosa's own test has it.
test.each([60, 160])('pulses at %i beats a minute are found', (tempo) => {
  const estimate = estimateTempo(pulses(tempo));
  expect(Math.abs(estimate.tempo - tempo)).toBeLessThan(0.05 * tempo);
});

test('the strength tells a beat from noise, and does not depend on loudness', () => {
  let state = 7;
  const noise = Float32Array.from({ length: 1292 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 < 0.05 ? 3 : 0;
  });
  // Twenty frames from beat to beat, so that all of them fall on a frame.
  const beat = estimateTempo(pulses(FRAMES_PER_MINUTE / 20));
  expect(beat.strength).toBeGreaterThan(3 * estimateTempo(noise).strength);
  const louder = estimateTempo(pulses(FRAMES_PER_MINUTE / 20).map((value) => 100 * value));
  expect(louder.tempo).toBe(beat.tempo);
  expect(louder.strength).toBeCloseTo(beat.strength, 5);
});

test('without onsets the tempo is the one nearest to 120, without strength', () => {
  const tempo = { tempo: FRAMES_PER_MINUTE / 22, strength: 0, beat: 22 };
  expect(estimateTempo(new Float32Array(1))).toEqual(tempo);
});
