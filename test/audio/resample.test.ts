import { describe, expect, test } from 'vitest';
import { createResampler } from '../../src/audio/resample.ts';
import { tone } from './wav-file.ts';
import { resample } from './whole.ts';

const RATES = [8000, 11_025, 16_000, 22_051, 32_000, 44_056, 44_100, 48_000, 88_200, 96_000, 192_000];

/** Decibels of `samples` over a cosine of amplitude 1, the ends left out. */
function level(samples: Float32Array): number {
  const middle = samples.subarray(3000, samples.length - 3000);
  const power = middle.reduce((sum, x) => sum + x * x, 0) / middle.length;
  return 10 * Math.log10(2 * power);
}

describe.each(RATES)('from %i Hz', (rate) => {
  const nyquist = Math.min(rate, 22_050) / 2;

  test.each([100, 0.3 * nyquist, 0.9 * nyquist])('%f Hz passes, in phase', (hertz) => {
    const output = resample([tone(hertz, 1, rate, 1)], rate);
    expect(output.length).toBe(22_050);
    const wanted = tone(hertz, 1, 22_050, 1);
    expect(level(output.map((x, i) => x - wanted[i]))).toBeLessThan(-100);
  });

  test('digital silence between sounds stays exactly 0', () => {
    const input = tone(440, 1, rate, 1);
    input.fill(0, Math.round(0.3 * rate), Math.round(0.7 * rate));
    const output = resample([input], rate);
    expect(output.subarray(0.35 * 22_050, 0.65 * 22_050).every((x) => x === 0)).toBe(true);
    expect(Math.max(...output.subarray(6300, 6600))).toBeGreaterThan(0.9);
    expect(Math.max(...output.subarray(15_500, 15_800))).toBeGreaterThan(0.9);
  });

  test('has ceil(n · ratio) samples', () => {
    for (const length of [1, 999, 4096, 12_345]) {
      const output = resample([new Float32Array(length)], rate);
      expect(output.length).toBe(Math.ceil((length * 22_050) / rate));
    }
  });
});

describe.each(RATES.filter((rate) => rate > 2 * 11_025 * 1.4))('from %i Hz', (rate) => {
  // Frequencies that would come back below 11,025 Hz, mirrored.
  test.each([11_140, 13_000, 0.49 * rate])('%f Hz is stopped', (hertz) => {
    expect(level(resample([tone(hertz, 1, rate, 1)], rate))).toBeLessThan(-100);
  });
});

test('a lone sample becomes the filter, centred on it', () => {
  const impulse = new Float32Array(20_000);
  impulse[10_000] = 1;
  const output = resample([impulse], 44_100);
  expect(output.indexOf(Math.max(...output))).toBe(5000);
  for (let i = 1; i < 200; i++) expect(output[5000 - i]).toBeCloseTo(output[5000 + i], 6);
});

test('22,050 Hz stays as it is, channels become their mean', () => {
  const [left, right] = [tone(440, 0.7), tone(100, 0.7)];
  expect(resample([left], 22_050)).toEqual(left);
  expect(resample([left, right], 22_050)).toEqual(left.map((x, i) => Math.fround((x + right[i]) / 2)));
  const six = Array.from({ length: 6 }, (_, i) => left.map((x) => x * (i + 1)));
  const mean = resample(six, 22_050);
  left.forEach((x, i) => {
    expect(mean[i]).toBeCloseTo(3.5 * x, 6);
  });
});

test('samples that are no numbers or far too great are bounded', () => {
  const samples = Float32Array.of(0.5, Number.NaN, 1e30, -1e30, Number.POSITIVE_INFINITY, -0.5);
  expect(Array.from(resample([samples], 22_050))).toEqual([0.5, 0, 65_536, -65_536, 65_536, -0.5]);
});

test.each([2000, ...RATES, 22_050])('from %i Hz the same samples come of any blocks', (rate) => {
  const left = tone(440, 1.3, rate);
  // Silence in the middle of it, which the filter leaves alone.
  left.fill(0, left.length * 0.4, left.length * 0.7);
  const channels = [left, tone(1000, 1.3, rate, 0.2)];
  const whole = resample(channels, rate);
  expect(whole.length).toBe(Math.ceil((left.length * 22_050) / rate));
  for (const blocks of [[1, 500], [4096], [8191, 3], [10_000, 1, 50_000]]) {
    const again = resample(channels, rate, blocks);
    expect(Buffer.from(again.buffer).equals(Buffer.from(whole.buffer)), `${blocks}`).toBe(true);
  }
});

test('two streams at once do not disturb each other', () => {
  const inputs = [tone(440, 1, 48_000), tone(700, 1, 48_000)];
  const outputs: number[][] = [[], []];
  const resamplers = outputs.map((output) => createResampler(48_000, (samples) => output.push(...samples)));
  for (let start = 0; start < 48_000; start += 5000) {
    inputs.forEach((input, i) => {
      resamplers[i].write([input.subarray(start, start + 5000)]);
    });
  }
  resamplers.forEach((resampler, i) => {
    resampler.end();
    expect(Float32Array.from(outputs[i])).toEqual(resample([inputs[i]], 48_000));
  });
});

test('what was resampled before does not matter', () => {
  const input = tone(1234, 0.5, 48_000);
  const before = resample([input], 48_000);
  for (const rate of RATES) resample([tone(5000, 0.2, rate), tone(300, 0.2, rate)], rate);
  expect(resample([input], 48_000)).toEqual(before);
});
