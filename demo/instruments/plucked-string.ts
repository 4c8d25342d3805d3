import { hertz } from '../music/harmony.ts';
import { fadeOut } from '../synth/envelope.ts';
import type { Random } from '../synth/random.ts';
import { RATE } from '../synth/stereo.ts';

/** How a string is made and plucked. */
export interface StringSound {
  /** Seconds until it is down 60 dB. */
  ring: number;
  /** 0 is a thumb on nylon, 1 is a plectrum on steel. */
  brightness: number;
  /** Where it is plucked, as a share of its length. */
  position: number;
  /** 0 rings free; 1 is a palm laid on the bridge. */
  muting: number;
}

/** The pluck: one period of noise, softened, and combed by the place of the pluck. */
function pluck(period: number, { brightness, position }: StringSound, random: Random): Float32Array {
  const noise = new Float32Array(period);
  let soft = 0;
  const smoothing = 0.85 * (1 - brightness);
  for (let i = 0; i < 2 * period; i++) {
    soft = (1 - smoothing) * (2 * random() - 1) + smoothing * soft;
    if (i >= period) noise[i - period] = soft;
  }
  const offset = Math.max(1, Math.round(position * period));
  const combed = noise.map((value, i) => value - noise[(i + period - offset) % period]!);
  const mean = combed.reduce((sum, value) => sum + value, 0) / period;
  const level = Math.sqrt(combed.reduce((sum, value) => sum + (value - mean) ** 2, 0) / period) || 1;
  return combed.map((value) => (value - mean) / (3 * level));
}

/**
 * A plucked string: Karplus & Strong 1983, with the tuning and the decay control of Jaffe & Smith 1983.
 *
 * @param velocity 0 to 1.
 * @param seconds Until the finger stops it.
 */
export function pluckedString(
  note: number,
  velocity: number,
  seconds: number,
  sound: StringSound,
  random: Random,
): Float32Array {
  const exactPeriod = RATE / hertz(note);
  // The two-point average in the loop delays by `damping` samples.
  const damping = 0.5 - 0.42 * sound.brightness * (1 - sound.muting);
  const loopDelay = exactPeriod - damping;
  const period = Math.floor(loopDelay - 0.1);
  const fraction = loopDelay - period;
  const tuning = (1 - fraction) / (1 + fraction);
  const ring = sound.ring * (1 - sound.muting) + 0.22 * sound.muting;
  const loss = 10 ** ((-3 * exactPeriod) / (ring * RATE));
  const line = pluck(period, sound, random);
  const out = new Float32Array(Math.round((seconds + 0.06) * RATE));
  let previous = 0;
  let allPassIn = 0;
  let allPassOut = 0;
  for (let i = 0, position = 0; i < out.length; i++) {
    const value = line[position]!;
    out[i] = value * velocity;
    const averaged = loss * ((1 - damping) * value + damping * previous);
    previous = value;
    allPassOut = tuning * (averaged - allPassOut) + allPassIn;
    allPassIn = averaged;
    line[position] = allPassOut;
    position = position + 1 === period ? 0 : position + 1;
  }
  return fadeOut(out, 0.06);
}
