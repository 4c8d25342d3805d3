import { describe, expect, it } from 'vitest';
import { createSpectrum, LOWEST, RANGE } from '../../src/dashboard/public/assets/spectrum.js';

const RATE = 22_050;
const BANDS = 160;

const sine = (frequency: number, amplitude: number) =>
  Float32Array.from({ length: 8_192 }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / RATE));

/** Levels of the frame in the middle. */
function levelsOf(samples: Float32Array, at = samples.length / 2) {
  const levels = new Uint8Array(BANDS);
  createSpectrum(2_048, RATE, BANDS)(samples, at, levels);
  return levels;
}

const loudest = (levels: Uint8Array) => levels.indexOf(Math.max(...levels));
const bandOf = (frequency: number) => (BANDS * Math.log(frequency / LOWEST)) / Math.log(RATE / 2 / LOWEST);

describe('the spectrum', () => {
  it.each([220, 440, 1_000, 3_520, 9_000])('is loudest at %i Hz for a sine of it', (frequency) => {
    // The middle of a band against its edge, and a bin of 10.8 Hz.
    const width = bandOf(frequency + 10.8) - bandOf(frequency);
    expect(Math.abs(loudest(levelsOf(sine(frequency, 1))) - bandOf(frequency))).toBeLessThan(1 + width);
  });

  it('tells decibels: full scale is 255, a hundredth 40 less', () => {
    // 93 bins exactly, so that nothing leaks.
    const frequency = (93 * RATE) / 2_048;
    expect(Math.max(...levelsOf(sine(frequency, 1)))).toBe(255);
    expect(Math.max(...levelsOf(sine(frequency, 0.01)))).toBe(Math.round(255 * (1 - 40 / RANGE)));
  });

  it('agrees with the definition of the Fourier transform', () => {
    const size = 64;
    const noise = Float32Array.from({ length: size }, (_, i) => Math.sin(i * i * 0.37) * 0.5);
    const levels = new Uint8Array(24);
    createSpectrum(size, RATE, 24)(noise, size / 2, levels);
    const powers = Array.from({ length: size / 2 + 1 }, (_, bin) => {
      let [real, imaginary] = [0, 0];
      for (let i = 0; i < size; i++) {
        const sample = noise[i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
        real += sample * Math.cos((2 * Math.PI * bin * i) / size);
        imaginary -= sample * Math.sin((2 * Math.PI * bin * i) / size);
      }
      return (real ** 2 + imaginary ** 2) / (size / 4) ** 2;
    });
    const edge = (band: number) => Math.round((LOWEST * (RATE / 2 / LOWEST) ** (band / 24) * size) / RATE);
    const expected = Array.from({ length: 24 }, (_, band) => {
      const power = Math.max(...powers.slice(edge(band), Math.max(edge(band) + 1, edge(band + 1))));
      return Math.round(255 * Math.max(0, Math.min(1, 1 + (10 * Math.log10(power)) / RANGE)));
    });
    expect([...levels]).toEqual(expected);
  });

  it('is nothing in silence, and reads no further than the ends', () => {
    expect(Math.max(...levelsOf(new Float32Array(4_096)))).toBe(0);
    expect(Math.max(...levelsOf(sine(440, 1), 0))).toBeGreaterThan(200);
    expect(Math.max(...levelsOf(new Float32Array(0), 0))).toBe(0);
  });
});
