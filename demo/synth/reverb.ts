import type { Stereo } from './stereo.ts';
import { RATE } from './stereo.ts';

/** Seconds until the tail is down 60 dB, and the corner in Hz above which walls swallow the sound. */
export interface Room {
  seconds: number;
  brightness: number;
}

/** Samples; primes between 25 and 70 ms, so that the echoes of the lines never fall together. */
const LINES = [1117, 1361, 1579, 1801, 2053, 2351, 2683, 3067];

/** Samples of the two all-passes a channel that make single echoes dense before they enter the lines. */
const DIFFUSERS = [
  [241, 557],
  [269, 601],
];

function diffuse(sound: Float32Array, delay: number): Float32Array {
  const out = new Float32Array(sound.length);
  for (let i = 0; i < sound.length; i++) {
    const past = i >= delay ? sound[i - delay]! + 0.6 * out[i - delay]! : 0;
    out[i] = past - 0.6 * sound[i]!;
  }
  return out;
}

/** The fast Walsh-Hadamard transform of eight values, in place, scaled to keep their energy. */
function mixLines(values: Float64Array): void {
  for (let half = 1; half < 8; half *= 2) {
    for (let i = 0; i < 8; i++) {
      if (i & half) continue;
      const a = values[i]!;
      const b = values[i + half]!;
      values[i] = a + b;
      values[i + half] = a - b;
    }
  }
  for (let i = 0; i < 8; i++) values[i]! *= Math.SQRT1_2 / 2;
}

/**
 * The room's answer to a bus, without the bus itself: a feedback delay network of eight lines
 * (Jot & Chaigne 1991).
 */
export function reverberate(dry: Stereo, { seconds, brightness }: Room): Stereo {
  const [left, right] = [dry.left, dry.right].map((channel, side) =>
    DIFFUSERS[side]!.reduce(diffuse, channel),
  ) as [Float32Array, Float32Array];
  const wet = { left: new Float32Array(left.length), right: new Float32Array(left.length) };
  const lines = LINES.map((length) => new Float32Array(length));
  const gains = LINES.map((length) => 10 ** ((-3 * length) / (seconds * RATE)));
  const positions = new Int32Array(8);
  const damped = new Float64Array(8);
  const heard = new Float64Array(8);
  const smoothing = Math.exp((-2 * Math.PI * brightness) / RATE);
  for (let i = 0; i < left.length; i++) {
    let even = 0;
    let odd = 0;
    for (let line = 0; line < 8; line++) {
      const value = lines[line]![positions[line]!]! * gains[line]!;
      damped[line] = value + smoothing * (damped[line]! - value);
      heard[line] = damped[line]!;
      if (line & 1) odd += damped[line]!;
      else even += damped[line]!;
    }
    wet.left[i] = even / 2;
    wet.right[i] = odd / 2;
    mixLines(heard);
    for (let line = 0; line < 8; line++) {
      const position = positions[line]!;
      lines[line]![position] = heard[line]! + (line & 1 ? right[i]! : left[i]!) / 2;
      positions[line] = position + 1 === LINES[line] ? 0 : position + 1;
    }
  }
  return wet;
}
