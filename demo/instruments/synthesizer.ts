import { hertz } from '../music/harmony.ts';
import type { Envelope } from '../synth/envelope.ts';
import { shape } from '../synth/envelope.ts';
import { sweptLowPass } from '../synth/filter.ts';
import type { Shape } from '../synth/oscillator.ts';
import { addTone } from '../synth/oscillator.ts';
import type { Random } from '../synth/random.ts';
import { between } from '../synth/random.ts';
import { RATE } from '../synth/stereo.ts';

/** A subtractive synthesiser's settings. */
export interface Patch {
  shape: Shape;
  /** Oscillators, spread evenly over `detune` semitones to each side. */
  voices: number;
  detune: number;
  envelope: Envelope;
  /** Corner of the low-pass in Hz at rest, and the octaves that its own envelope opens it at the attack. */
  corner: number;
  opening: number;
  /** Seconds until the filter's envelope is down to 5 %; its attack is the envelope's. */
  closing: number;
  /** 0.7 is flat; above about 4 the corner rings. */
  resonance: number;
}

/**
 * A note or a chord of a subtractive synthesiser, whose keys share one filter and one envelope.
 *
 * @param notes MIDI notes.
 * @param velocity 0 to 1: loudness, and how far the filter opens.
 * @param seconds Until the key is let go; the release comes after.
 */
export function synthesizerNotes(
  notes: number[],
  velocity: number,
  seconds: number,
  patch: Patch,
  random: Random,
): Float32Array {
  const length = seconds + patch.envelope.release;
  const out = new Float32Array(Math.round(length * RATE));
  for (const note of notes) {
    for (let voice = 0; voice < patch.voices; voice++) {
      const spread = patch.voices > 1 ? (2 * voice) / (patch.voices - 1) - 1 : 0;
      const hz = hertz(note + patch.detune * spread * between(random, 0.8, 1.2));
      addTone(out, patch.shape, hz, velocity / Math.sqrt(patch.voices), random());
    }
  }
  const { attack } = patch.envelope;
  const corner = (time: number) => {
    const open = time < attack ? time / attack : Math.exp((-3 * (time - attack)) / patch.closing);
    return patch.corner * 2 ** (patch.opening * velocity * open);
  };
  sweptLowPass(out, corner, patch.resonance);
  return shape(out, patch.envelope);
}
