import { hertz } from '../music/harmony.ts';
import { fadeOut } from '../synth/envelope.ts';
import { filter } from '../synth/filter.ts';
import { whiteNoise } from '../synth/oscillator.ts';
import type { Random } from '../synth/random.ts';
import { between } from '../synth/random.ts';
import { RATE } from '../synth/stereo.ts';

/** Adds a sine that decays by 60 dB in `t60` seconds: a two-pole resonator costs two products a sample. */
function addPartial(out: Float32Array, hz: number, amplitude: number, t60: number, phase: number): void {
  const radius = 10 ** (-3 / (t60 * RATE));
  const omega = (2 * Math.PI * hz) / RATE;
  const a1 = 2 * radius * Math.cos(omega);
  const a2 = -radius * radius;
  let y1 = amplitude * Math.sin(phase - omega);
  let y2 = amplitude * Math.sin(phase - 2 * omega);
  // Beyond its t60 a partial is not heard any more.
  const length = Math.min(out.length, Math.round(t60 * RATE));
  for (let i = 0; i < length; i++) {
    const y = a1 * y1 + a2 * y2;
    out[i]! += y;
    y2 = y1;
    y1 = y;
  }
}

/**
 * A piano note. Partials stand wider than harmonic on stiff strings (f·n·√(1 + B·n²), Fletcher 1964), each
 * of two strings slightly out of tune, one of which dies sooner; a harder stroke is brighter.
 *
 * @param velocity 0 to 1.
 * @param seconds Until the damper falls.
 * @param felt Felt between hammers and strings, 0 to 1: softer and duller.
 */
export function pianoNote(
  note: number,
  velocity: number,
  seconds: number,
  felt: number,
  random: Random,
): Float32Array {
  const fundamental = hertz(note);
  const stiffness = Math.max(1e-4, 4e-4 * Math.exp(0.07 * (note - 60)));
  const ring = 14 * 2 ** (-(note - 36) / 18);
  const slope = 0.16 + 0.22 * felt + 0.22 * (1 - velocity);
  const out = new Float32Array(Math.round((seconds + 0.25) * RATE));
  for (let n = 1; n <= 24; n++) {
    const hz = n * fundamental * Math.sqrt(1 + stiffness * n * n);
    if (hz > 9000) break;
    // The hammer strikes at an eighth of the string, where every eighth partial has a node.
    const amplitude = (Math.abs(Math.sin((Math.PI * n) / 8)) * Math.exp(-slope * (n - 1))) / n ** 0.5;
    if (amplitude < 0.002) continue;
    const t60 = ring / (1 + 0.2 * (n - 1));
    const detune = 1 + between(random, 2e-4, 6e-4);
    addPartial(out, hz, amplitude * 0.65, t60 * 0.4, between(random, 0, 6.28));
    addPartial(out, hz * detune, amplitude * 0.35, t60, between(random, 0, 6.28));
  }
  const hammer = filter(whiteNoise(0.03, random), 'bandPass', 300 + 900 * velocity * (1 - felt), 0.8);
  for (let i = 0; i < hammer.length; i++) out[i]! += hammer[i]! * 0.35 * (1 - i / hammer.length) ** 2;
  for (let i = 0; i < out.length; i++) out[i]! *= velocity ** 1.3;
  return fadeOut(out, 0.25);
}
