import { filter } from './filter.ts';
import type { Room } from './reverb.ts';
import { reverberate } from './reverb.ts';
import type { Stereo } from './stereo.ts';
import { mixInto, RATE } from './stereo.ts';

/** Adds the room to a bus in place. @param amount 0 is dry, 1 is as loud as the bus itself. */
export function addRoom(bus: Stereo, room: Room, amount: number): Stereo {
  mixInto(bus, reverberate(bus, room), amount);
  return bus;
}

/**
 * Echoes that go from side to side, in place.
 *
 * @param delay Seconds between two echoes.
 * @param feedback Loudness of an echo against the one before.
 */
export function addEcho(bus: Stereo, delay: number, feedback: number): Stereo {
  const { left, right } = bus;
  const samples = Math.round(delay * RATE);
  for (let i = samples; i < left.length; i++) {
    // Each side hears the other's past, which already holds that side's echoes.
    const fromRight = right[i - samples]!;
    right[i]! += left[i - samples]! * feedback;
    left[i]! += fromRight * feedback;
  }
  return bus;
}

/** Bends a sound like an overdriven amplifier, in place. @param drive 1 hardly colours, 30 is a wall. */
export function distort(sound: Float32Array, drive: number): Float32Array {
  // The offset makes the curve uneven, and so gives even harmonics, as a valve does.
  const offset = Math.tanh(0.2);
  for (let i = 0; i < sound.length; i++) sound[i] = Math.tanh(drive * sound[i]! + 0.2) - offset;
  return filter(sound, 'highPass', 25);
}

/** Ducks a bus in place at the given times (in seconds), as a compressor keyed by a bass drum does. */
export function duck(bus: Stereo, times: number[], depth: number, recovery: number): Stereo {
  for (const time of times) {
    const start = Math.round(time * RATE);
    const end = Math.min(bus.left.length, start + Math.round(recovery * RATE));
    for (let i = Math.max(0, start); i < end; i++) {
      const gain = 1 - depth * (1 - (i - start) / (end - start)) ** 1.5;
      bus.left[i]! *= gain;
      bus.right[i]! *= gain;
    }
  }
  return bus;
}

/**
 * Brings a mix to its loudness, in place; peaks bend softly and none passes 0.97.
 *
 * @param loudness Root mean square in dB of full scale; about -20 for quiet music and -11 for loud.
 */
export function master(mix: Stereo, loudness: number): Stereo {
  const channels = [mix.left, mix.right];
  let energy = 0;
  for (const channel of channels) {
    filter(channel, 'highPass', 25);
    for (const value of channel) energy += value * value;
  }
  const level = Math.sqrt(energy / (2 * mix.left.length));
  const gain = level > 0 ? 10 ** (loudness / 20) / level : 0;
  const knee = 0.6;
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) {
      const value = channel[i]! * gain;
      const over = Math.abs(value) - knee;
      channel[i] = over > 0 ? Math.sign(value) * (knee + 0.37 * Math.tanh(over / 0.37)) : value;
    }
  }
  return mix;
}
