import { FRAME_LENGTH, HOP_LENGTH } from './descriptors.ts';
import { allocateGroup, GROUP, STRIDE } from './frame-group.ts';
import { writePowerSpectra } from './real-spectrum.ts';
import { advance, kernel, load, sqrt, store, whileBelow } from './wasm-kernel.ts';
import { allocate, copyToHeap } from './wasm-memory.ts';

/** Bins of a frame's spectrum, 0 Hz to the Nyquist frequency. */
export const BINS = FRAME_LENGTH / 2 + 1;

/** Frames whose samples are brought to the heap at once. */
const BLOCK_FRAMES = 64;
const BLOCK_LENGTH = (BLOCK_FRAMES - 1) * HOP_LENGTH + FRAME_LENGTH;
const block = allocate(BLOCK_LENGTH);

/** |X|² and |X| of the four frames of a group, 1,025 bins; overwritten by the next group that goes to the same place. */
export interface SpectrumGroup {
  /** Places in the heap. */
  power: number;
  magnitude: number;
}

/** Receives a group of four frames, with the first one's number. */
export type Visit = (frame: number, spectrum: SpectrumGroup) => void;

const powerPlace = allocateGroup(BINS);
const group: SpectrumGroup = { power: powerPlace, magnitude: allocateGroup(BINS) };

/** Frames of a centred STFT (librosa.stft 0.11, center=True). */
export function frameCount(samples: number): number {
  return 1 + Math.floor(samples / HOP_LENGTH);
}

/**
 * The one STFT that all descriptors share, as librosa.stft 0.11 defines it: frames of 2,048 every 512 samples,
 * centred with zero padding, periodic Hann window, no scaling.
 *
 * @param visit Called once a group of four frames, in order, with the first one's number. In the last group,
 *   frames past the end of the clip hold something that means nothing.
 * @param placeOf Where in the heap the powers of a group go that begins with this frame; by default all to one place.
 */
export function forEachGroup(
  signal: Float32Array,
  visit: Visit,
  placeOf: (frame: number) => number = () => powerPlace,
): void {
  const frames = frameCount(signal.length);
  for (let frame = 0; frame < frames; frame += GROUP) {
    const inBlock = frame % BLOCK_FRAMES;
    if (inBlock === 0) copyToHeap(signal, frame * HOP_LENGTH - FRAME_LENGTH / 2, BLOCK_LENGTH, block);
    group.power = placeOf(frame);
    writePowerSpectra(block + inBlock * HOP_LENGTH, group.power);
    takeRoots(4 * group.power, 4 * group.power + BINS * STRIDE, 4 * group.magnitude);
    visit(frame, group);
  }
}

const takeRoots = kernel(({ parameter }) => {
  const [power, end, magnitude] = [parameter(), parameter(), parameter()];
  return [
    whileBelow(
      power,
      end,
      store(magnitude, sqrt(load(power))),
      advance(power, STRIDE),
      advance(magnitude, STRIDE),
    ),
  ];
});
