import { allocate, pffft } from './wasm-memory.ts';

// pffft.h: pffft_transform_t and pffft_direction_t.
const REAL = 0;
const FORWARD = 0;
const BACKWARD = 1;

/**
 * A real FFT of one size (PFFFT, WebAssembly SIMD), with arrays of its own in the heap: nothing is copied on
 * the way in or out. All places are indices into `heap()`.
 *
 * A spectrum stands as PFFFT orders it, `size` floats: the real parts of bin 0 and of bin size/2, then real
 * and imaginary part of bins 1 to size/2 - 1. Neither direction scales: backward(forward(x)) = size · x.
 */
export interface RealFft {
  readonly signal: number;
  readonly spectrum: number;
  /** Transforms `signal` into `spectrum`, or other places that are multiples of four. */
  forward(from?: number, to?: number): void;
  backward(): void;
}

const transforms = new Map<number, RealFft>();

/** The FFT of a size (2^a 3^b 5^c, at least 32), made once per process: whoever asks shares its arrays. */
export function realFft(size: number): RealFft {
  const known = transforms.get(size);
  if (known) return known;
  const setup = pffft._pffft_new_setup(size, REAL);
  if (setup === 0) throw new RangeError(`PFFFT has no real transform of ${size}`);
  const signal = allocate(size);
  const spectrum = allocate(size);
  const work = allocate(size) * 4;
  const transform: RealFft = {
    signal,
    spectrum,
    forward: (from = signal, to = spectrum) =>
      pffft._pffft_transform_ordered(setup, from * 4, to * 4, work, FORWARD),
    backward: () => pffft._pffft_transform_ordered(setup, spectrum * 4, signal * 4, work, BACKWARD),
  };
  transforms.set(size, transform);
  return transform;
}
