import type { Random } from '../synth/random.ts';

/** The time of a piece. */
export interface Meter {
  /** Seconds of a beat. */
  beat: number;
  /** Beats of a bar. */
  bar: number;
  /** Where the second of two sixteenths falls between its neighbours: 0.5 is straight, 0.62 swings. */
  swing: number;
}

export function meterOf(tempo: number, bar = 4, swing = 0.5): Meter {
  return { beat: 60 / tempo, bar, swing };
}

/** Seconds from the start of a beat number, which need not be whole. */
export function timeOf(meter: Meter, beat: number): number {
  const pair = Math.floor(beat * 2);
  const within = beat * 2 - pair;
  const swung = within < 0.5 ? within * 2 * meter.swing : 1 - (1 - within) * 2 * (1 - meter.swing);
  return ((pair + swung) / 2) * meter.beat;
}

/** Bars that begin within a time in seconds. */
export function barsIn(meter: Meter, seconds: number): number {
  return Math.ceil(seconds / (meter.beat * meter.bar));
}

/** A time some milliseconds early or late, as a person plays. */
export function humanise(random: Random, time: number, spread = 0.012): number {
  return time + (random() - 0.5) * spread;
}

/**
 * The hits of one bar of a rhythm written as text, one character a step: `X` accent, `x` hit, `o` ghost note,
 * anything else a rest.
 *
 * @returns Beats from the start of the piece, with a loudness of 0 to 1.
 */
export function hitsOf(meter: Meter, bar: number, pattern: string): { beat: number; velocity: number }[] {
  const velocities: Record<string, number> = { X: 1, x: 0.75, o: 0.35 };
  return [...pattern].flatMap((mark, step) => {
    const velocity = velocities[mark];
    if (velocity === undefined) return [];
    return [{ beat: meter.bar * (bar + step / pattern.length), velocity }];
  });
}
