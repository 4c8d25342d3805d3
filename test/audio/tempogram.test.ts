import { expect, test } from 'vitest';
import { estimateTempo } from '../../src/audio/tempo.ts';
import { writeTempogram } from '../../src/audio/tempogram.ts';
import { writeTempogramRatio } from '../../src/audio/tempogram-ratio.ts';

const FRAMES = 1292;
const LAGS = 384;
const LENGTHS = 13;
/** Where a beat, half a beat and two beats stand among the thirteen lengths. */
const [HALF, WHOLE, DOUBLE] = [3, 6, 9];

/** An onset every `spacing` frames but the first, which would lead a ramp; each other one of another strength. */
function pulses(spacing: number, strength = 3, other = strength): Float32Array {
  const envelope = new Float32Array(FRAMES);
  for (let i = 1; i * spacing < FRAMES; i++) envelope[i * spacing] = i % 2 === 0 ? strength : other;
  return envelope;
}

function tempogramOf(envelope: Float32Array): Float32Array {
  const tempogram = new Float32Array(envelope.length * LAGS);
  writeTempogram(envelope, tempogram);
  return tempogram;
}

function ratioOf(envelope: Float32Array, beat: number): Float32Array {
  const ratio = new Float32Array(envelope.length * LENGTHS);
  writeTempogramRatio(envelope, beat, ratio);
  return ratio;
}

/** The mean over frames of one column. */
function meanOf(values: Float32Array, bands: number, band: number): number {
  const frames = values.length / bands;
  return (
    Array.from({ length: frames }, (_, frame) => values[frame * bands + band]).reduce((a, b) => a + b) /
    frames
  );
}

// As librosa's own test has it.
test.each([19, 40])(
  'the tempogram of a pulse every %i frames peaks at its multiples and nowhere else',
  (spacing) => {
    const tempogram = tempogramOf(pulses(spacing));
    for (let frame = LAGS / 2; frame < FRAMES - LAGS / 2; frame += 100) {
      const row = tempogram.subarray(frame * LAGS, (frame + 1) * LAGS);
      expect(row[0]).toBe(1);
      for (let lag = 1; lag < LAGS; lag++) {
        if (lag % spacing !== 0) expect(row[lag]).toBeLessThan(1e-6);
        else if (lag < LAGS / 2) expect(row[lag]).toBeGreaterThan(0.02);
      }
    }
  },
);

test('the ratio is the tempogram between the lags around each length, over beats a minute', () => {
  let state = 5;
  const envelope = Float32Array.from({ length: FRAMES }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
  const [beat, tempogram] = [23, tempogramOf(envelope)];
  const ratio = ratioOf(envelope, beat);
  // A sixteenth note has 5.75 frames; its tempo lies between those of 5 and of 6.
  const share = (1 / 5 - 1 / 5.75) / (1 / 5 - 1 / 6);
  for (let frame = 0; frame < FRAMES; frame++) {
    const row = tempogram.subarray(frame * LAGS, (frame + 1) * LAGS);
    expect(ratio[frame * LENGTHS]).toBeCloseTo((1 - share) * row[5] + share * row[6], 5);
    expect(ratio[frame * LENGTHS + WHOLE]).toBeCloseTo(row[beat], 5);
    expect(ratio[frame * LENGTHS + LENGTHS - 1]).toBeCloseTo(row[4 * beat], 5);
  }
});

test('the ratio tells a beat in halves from one in doubles', () => {
  const halves = ratioOf(pulses(12, 3, 2), 24);
  expect(meanOf(halves, LENGTHS, HALF)).toBeGreaterThan(0.5);
  const doubles = ratioOf(pulses(24, 3, 0), 24);
  expect(meanOf(doubles, LENGTHS, HALF)).toBeLessThan(1e-6);
  expect(meanOf(doubles, LENGTHS, WHOLE)).toBeLessThan(1e-6);
  expect(meanOf(doubles, LENGTHS, DOUBLE)).toBeGreaterThan(0.5);
});

test('lengths beyond the window have 0', () => {
  const ratio = ratioOf(pulses(343), 343);
  expect([...ratio.subarray(0, LENGTHS)].slice(7)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('neither depends on loudness', () => {
  const [soft, loud] = [pulses(20), pulses(20, 300)];
  const beat = estimateTempo(soft).beat;
  for (const [a, b] of [
    [tempogramOf(soft), tempogramOf(loud)],
    [ratioOf(soft, beat), ratioOf(loud, beat)],
  ]) {
    expect(a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)).toBeLessThan(1e-5);
  }
});

test.each([1, 5, 200])('%i frames without onsets have 0', (frames) => {
  const silence = new Float32Array(frames);
  const { beat } = estimateTempo(silence);
  expect(tempogramOf(silence).every((value) => value === 0)).toBe(true);
  expect(ratioOf(silence, beat).every((value) => value === 0)).toBe(true);
});
