import type { Random } from '../synth/random.ts';
import type { Stereo } from '../synth/stereo.ts';

/** Writes and plays a piece: another stream of numbers is another piece in the same artist's manner. */
export type Composer = (random: Random, seconds: number) => Stereo;
