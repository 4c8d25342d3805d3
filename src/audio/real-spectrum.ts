import { FRAME_LENGTH, HOP_LENGTH } from './descriptors.ts';
import { GROUP, STRIDE } from './frame-group.ts';
import {
  addDouble,
  addInteger,
  advance,
  type Code,
  constantDouble,
  integer,
  kernel,
  load,
  loadInteger,
  loadSplatDouble,
  multiplyDouble,
  set,
  shuffle,
  store,
  storeLow,
  subtractDouble,
  toDouble,
  toSingle,
  whileBelow,
} from './wasm-kernel.ts';
import { allocate, heap } from './wasm-memory.ts';

/** A real transform of N samples is a complex one of N/2: even samples are real parts, odd ones imaginary. */
const SIZE = FRAME_LENGTH / 2;
/** A complex number of two frames: two real parts, two imaginary parts, float64. */
const NUMBER_BYTES = 32;
const HOP_BYTES = 4 * HOP_LENGTH;

const numbers = 4 * allocate((SIZE * NUMBER_BYTES) / 4);
const window = allocateDoubles(
  Array.from({ length: FRAME_LENGTH }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME_LENGTH)),
);

/** Radix-4 passes over stretches of 1,024, 256, 64, 16 and 4 numbers, which each end as four of a quarter. */
const stages: { length: number; twiddles: number }[] = [];
for (let length = SIZE; length >= 4; length /= 4) {
  const roots = Array.from({ length: length / 4 }, (_, j) => [
    root(j / length),
    root((2 * j) / length),
    root((3 * j) / length),
  ]);
  stages.push({ length, twiddles: allocateDoubles(roots.flat(2)) });
}

/** For k = 1 to 512: where the passes leave numbers k and 1,024 - k, in bytes, and root k of 2,048. */
const PAIR_BYTES = 24;
const pairs = allocateDoubles(new Array<number>((PAIR_BYTES / 8) * (SIZE / 2)).fill(0));
for (let k = 1; k <= SIZE / 2; k++) {
  const entry = pairs + (k - 1) * PAIR_BYTES;
  const places = new Int32Array(heap().buffer, entry, 2);
  places[0] = numbers + digitReversed(k) * NUMBER_BYTES;
  places[1] = numbers + digitReversed(SIZE - k) * NUMBER_BYTES;
  new Float64Array(heap().buffer, entry + 8, 2).set(root(k / FRAME_LENGTH));
}

function root(turn: number): [number, number] {
  return [Math.cos(2 * Math.PI * turn), -Math.sin(2 * Math.PI * turn)];
}

/** The five base-4 digits of an index, backwards: the order that the passes leave. */
function digitReversed(index: number): number {
  let reversed = 0;
  for (let size = SIZE; size > 1; size /= 4, index >>= 2) reversed = (reversed << 2) | (index & 3);
  return reversed;
}

/** Returns a place in bytes. */
function allocateDoubles(values: ArrayLike<number>): number {
  const place = 4 * allocate(2 * values.length);
  new Float64Array(heap().buffer, place, values.length).set(values);
  return place;
}

/** Windows the frames at `sample` and one hop later, and makes them float64, side by side. */
const loadFrames = kernel(({ parameter, integer: int, vector }) => {
  const [sample, end] = [parameter(), parameter()];
  const [number, weight] = [int(), int()];
  const [first, second, both] = [vector(), vector(), vector()];
  const put = (i: number, value: Code) =>
    store(number, multiplyDouble(toDouble(value), loadSplatDouble(weight, 8 * i)), 16 * i);
  return [
    set(number, integer(numbers)),
    set(weight, integer(window)),
    whileBelow(
      sample,
      end,
      set(first, load(sample)),
      set(second, load(sample, HOP_BYTES)),
      set(both, shuffle(first, second, [0, 4, 1, 5])),
      put(0, both),
      put(1, shuffle(both, both, [2, 3, 2, 3])),
      set(both, shuffle(first, second, [2, 6, 3, 7])),
      put(2, both),
      put(3, shuffle(both, both, [2, 3, 2, 3])),
      advance(sample, 16),
      advance(number, 2 * NUMBER_BYTES),
      advance(weight, 32),
    ),
  ];
});

/** Decimation in frequency, radix 4, in place (Oppenheim & Schafer, Discrete-Time Signal Processing, §9.3). */
const transform = kernel(({ integer: int, vector }) => {
  const [first, place, twiddle] = [int(), int(), int()];
  const complex = () => [vector(), vector()];
  const [a, b, c, d] = [complex(), complex(), complex(), complex()];
  const [sum, difference, otherSum, turned] = [complex(), complex(), complex(), complex()];
  const roots = [complex(), complex(), complex()];
  return stages.flatMap(({ length, twiddles }) => {
    const quarter = (length / 4) * NUMBER_BYTES;
    const read = (number: Code[], i: number) =>
      number.map((part, lane) => set(part, load(place, i * quarter + 16 * lane)));
    const write = (i: number, real: Code, imaginary: Code) => [
      store(place, real, i * quarter),
      store(place, imaginary, i * quarter + 16),
    ];
    /** Multiplied by a root; the last stage's are all 1. */
    const writeTurned = (i: number, real: Code, imaginary: Code) => {
      if (length === 4) return write(i, real, imaginary);
      const [cosine, sine] = roots[i - 1];
      return [
        set(a[0], real),
        set(a[1], imaginary),
        ...write(
          i,
          subtractDouble(multiplyDouble(a[0], cosine), multiplyDouble(a[1], sine)),
          addDouble(multiplyDouble(a[0], sine), multiplyDouble(a[1], cosine)),
        ),
      ];
    };
    return [
      set(first, integer(numbers)),
      set(twiddle, integer(twiddles)),
      whileBelow(
        first,
        integer(numbers + quarter),
        ...roots.flatMap((number, i) =>
          number.map((part, lane) => set(part, loadSplatDouble(twiddle, 16 * i + 8 * lane))),
        ),
        set(place, first),
        whileBelow(
          place,
          integer(numbers + SIZE * NUMBER_BYTES),
          ...[a, b, c, d].flatMap(read),
          ...[0, 1].flatMap((part) => [
            set(sum[part], addDouble(a[part], c[part])),
            set(difference[part], subtractDouble(a[part], c[part])),
            set(otherSum[part], addDouble(b[part], d[part])),
          ]),
          // (b - d) times -i.
          set(turned[0], subtractDouble(b[1], d[1])),
          set(turned[1], subtractDouble(d[0], b[0])),
          ...write(0, addDouble(sum[0], otherSum[0]), addDouble(sum[1], otherSum[1])),
          ...writeTurned(1, addDouble(difference[0], turned[0]), addDouble(difference[1], turned[1])),
          ...writeTurned(2, subtractDouble(sum[0], otherSum[0]), subtractDouble(sum[1], otherSum[1])),
          ...writeTurned(
            3,
            subtractDouble(difference[0], turned[0]),
            subtractDouble(difference[1], turned[1]),
          ),
          advance(place, length * NUMBER_BYTES),
        ),
        advance(first, NUMBER_BYTES),
        advance(twiddle, 48),
      ),
    ];
  });
});

/**
 * Takes the spectrum of the real frames from that of the complex numbers: with E and O the spectra of even and
 * odd samples, bin k is E + root · O and bin N/2 - k is the conjugate of E - root · O.
 */
const writePowers = kernel(({ parameter, integer: int, vector }) => {
  const [power] = [parameter()];
  const [entry, near, far, rising, falling] = [int(), int(), int(), int(), int()];
  const complex = () => [vector(), vector()];
  const [a, b, even, odd, turned, weight] = [
    complex(),
    complex(),
    complex(),
    complex(),
    complex(),
    complex(),
  ];
  const square = (real: Code, imaginary: Code) =>
    toSingle(addDouble(multiplyDouble(real, real), multiplyDouble(imaginary, imaginary)));
  const half = constantDouble(0.5);
  const first = integer(numbers);
  return [
    set(a[0], addDouble(load(first), load(first, 16))),
    set(a[1], subtractDouble(load(first), load(first, 16))),
    storeLow(power, toSingle(multiplyDouble(a[0], a[0]))),
    storeLow(power, toSingle(multiplyDouble(a[1], a[1])), SIZE * STRIDE),
    set(entry, integer(pairs)),
    set(rising, addInteger(power, integer(STRIDE))),
    set(falling, addInteger(power, integer((SIZE - 1) * STRIDE))),
    whileBelow(
      entry,
      integer(pairs + (SIZE / 2) * PAIR_BYTES),
      set(near, loadInteger(entry)),
      set(far, loadInteger(entry, 4)),
      ...[0, 1].flatMap((part) => [
        set(a[part], multiplyDouble(load(near, 16 * part), half)),
        set(b[part], multiplyDouble(load(far, 16 * part), half)),
        set(weight[part], loadSplatDouble(entry, 8 + 8 * part)),
      ]),
      set(even[0], addDouble(a[0], b[0])),
      set(even[1], subtractDouble(a[1], b[1])),
      set(odd[0], addDouble(a[1], b[1])),
      set(odd[1], subtractDouble(b[0], a[0])),
      set(turned[0], subtractDouble(multiplyDouble(odd[0], weight[0]), multiplyDouble(odd[1], weight[1]))),
      set(turned[1], addDouble(multiplyDouble(odd[0], weight[1]), multiplyDouble(odd[1], weight[0]))),
      storeLow(rising, square(addDouble(even[0], turned[0]), addDouble(even[1], turned[1]))),
      storeLow(falling, square(subtractDouble(even[0], turned[0]), subtractDouble(even[1], turned[1]))),
      advance(entry, PAIR_BYTES),
      advance(rising, STRIDE),
      advance(falling, -STRIDE),
    ),
  ];
});

/**
 * |X|² of four frames of 2,048, each 512 samples after the one before it, with a periodic Hann window.
 *
 * The transform is float64, as librosa's is: in float32 its rounding, 130 dB below the loudest bin, would fill
 * the quiet bands of real music, where resampling or an encoder left nothing.
 *
 * @param samples Place of the first frame in the heap.
 * @param power Place of 1,025 bins of a group in the heap; written.
 */
export function writePowerSpectra(samples: number, power: number): void {
  for (let lane = 0; lane < GROUP; lane += 2) {
    const start = 4 * samples + lane * HOP_BYTES;
    loadFrames(start, start + 4 * FRAME_LENGTH);
    transform();
    writePowers(4 * (power + lane));
  }
}
