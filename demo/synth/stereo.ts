/** Rate of everything the synthesiser makes, in Hz. */
export const RATE = 44_100;

/** Two channels of the same length, -1 to 1 once mastered. */
export interface Stereo {
  left: Float32Array;
  right: Float32Array;
}

export function silence(seconds: number): Stereo {
  const samples = Math.round(seconds * RATE);
  return { left: new Float32Array(samples), right: new Float32Array(samples) };
}

/**
 * Adds a mono sound to a bus. What lies before the start or after the end of the bus is cut off.
 *
 * @param at Seconds from the start of the bus; may be negative.
 * @param pan -1 is left, 1 is right, with equal power between.
 */
export function place(bus: Stereo, sound: Float32Array, at: number, gain: number, pan = 0): void {
  const start = Math.round(at * RATE);
  const angle = ((pan + 1) * Math.PI) / 4;
  const leftGain = gain * Math.cos(angle);
  const rightGain = gain * Math.sin(angle);
  const end = Math.min(sound.length, bus.left.length - start);
  for (let i = Math.max(0, -start); i < end; i++) {
    bus.left[start + i]! += sound[i]! * leftGain;
    bus.right[start + i]! += sound[i]! * rightGain;
  }
}

/** Adds one bus to another of the same length. */
export function mixInto(bus: Stereo, other: Stereo, gain = 1): void {
  for (let i = 0; i < bus.left.length; i++) {
    bus.left[i]! += other.left[i]! * gain;
    bus.right[i]! += other.right[i]! * gain;
  }
}
