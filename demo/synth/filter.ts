import type { Stereo } from './stereo.ts';
import { RATE } from './stereo.ts';

export type FilterKind = 'lowPass' | 'highPass' | 'bandPass';

/** Coefficients of the Audio EQ Cookbook (R. Bristow-Johnson), divided by a0: b0, b1, b2, a1, a2. */
function coefficients(kind: FilterKind | 'peak', hz: number, q: number, gain: number) {
  const omega = (2 * Math.PI * Math.min(hz, 0.45 * RATE)) / RATE;
  const cosine = Math.cos(omega);
  const alpha = Math.sin(omega) / (2 * q);
  const boost = 10 ** (gain / 40);
  const a0 = kind === 'peak' ? 1 + alpha / boost : 1 + alpha;
  const a2 = kind === 'peak' ? 1 - alpha / boost : 1 - alpha;
  const numerators = {
    lowPass: [(1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2],
    highPass: [(1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2],
    bandPass: [alpha, 0, -alpha],
    peak: [1 + alpha * boost, -2 * cosine, 1 - alpha * boost],
  };
  return [...numerators[kind], -2 * cosine, a2].map((value) => value / a0) as [
    number,
    number,
    number,
    number,
    number,
  ];
}

function run(sound: Float32Array, [b0, b1, b2, a1, a2]: ReturnType<typeof coefficients>): Float32Array {
  // Transposed direct form II keeps two numbers of state.
  let s1 = 0;
  let s2 = 0;
  for (let i = 0; i < sound.length; i++) {
    const x = sound[i]!;
    const y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    sound[i] = y;
  }
  return sound;
}

/** Filters in place with a second-order section. @param hz Corner or centre. */
export function filter(sound: Float32Array, kind: FilterKind, hz: number, q = Math.SQRT1_2): Float32Array {
  return run(sound, coefficients(kind, hz, q, 0));
}

/** Raises or lowers a band in place. @param gain In dB. */
export function equalise(sound: Float32Array, hz: number, q: number, gain: number): Float32Array {
  return run(sound, coefficients('peak', hz, q, gain));
}

export function filterStereo(bus: Stereo, kind: FilterKind, hz: number, q = Math.SQRT1_2): Stereo {
  filter(bus.left, kind, hz, q);
  filter(bus.right, kind, hz, q);
  return bus;
}

/**
 * A low-pass whose corner moves, in place: the state variable filter of Zavalishin, "The Art of VA Filter
 * Design" 2012 §4, which stays stable while it is swept.
 *
 * @param cornerAt Corner in Hz at a time in seconds.
 * @param q 0.7 is flat; above about 4 the corner rings.
 */
export function sweptLowPass(
  sound: Float32Array,
  cornerAt: (seconds: number) => number,
  q: number,
): Float32Array {
  let s1 = 0;
  let s2 = 0;
  let g = 0;
  const damping = 1 / q;
  for (let i = 0; i < sound.length; i++) {
    // 32 samples are 0.7 ms: finer than a sweep is heard.
    if (i % 32 === 0) g = Math.tan((Math.PI * Math.min(cornerAt(i / RATE), 0.45 * RATE)) / RATE);
    const high = (sound[i]! - (damping + g) * s1 - s2) / (1 + g * (damping + g));
    const band = g * high + s1;
    const low = g * band + s2;
    s1 = g * high + band;
    s2 = g * band + low;
    sound[i] = low;
  }
  return sound;
}
