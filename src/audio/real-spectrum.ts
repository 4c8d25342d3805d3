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
  loadLow,
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

/**
 * Windows the frames at `sample` and one hop later and transforms them: decimation in frequency, radix 4, in
 * place (Oppenheim & Schafer, Discrete-Time Signal Processing, §9.3). The first pass reads the samples; the
 * others take one of its four parts after the other, which the processor's first cache has room for.
 */
const transform = kernel(({ parameter, integer: int, vector }) => {
  const sample = parameter();
  const [part, first, place, twiddle, weight] = [int(), int(), int(), int(), int()];
  const complex = () => [vector(), vector()];
  const [a, b, c, d] = [complex(), complex(), complex(), complex()];
  const [sum, difference, otherSum, turned] = [complex(), complex(), complex(), complex()];
  const roots = [complex(), complex(), complex()];
  const samples = vector();
  const partBytes = (SIZE / 4) * NUMBER_BYTES;
  const readRoots = roots.flatMap((number, i) =>
    number.map((half, lane) => set(half, loadSplatDouble(twiddle, 16 * i + 8 * lane))),
  );
  /** Number i of 4: both frames' next even and odd sample, side by side, times the window. */
  const readSamples = (number: Code[], i: number) => {
    const from = (i * 4 * FRAME_LENGTH) / 4;
    const windowed = (values: Code, lane: number) =>
      multiplyDouble(toDouble(values), loadSplatDouble(weight, 2 * from + 8 * lane));
    return [
      set(samples, shuffle(loadLow(sample, from), loadLow(sample, from + HOP_BYTES), [0, 4, 1, 5])),
      set(number[0], windowed(samples, 0)),
      set(number[1], windowed(shuffle(samples, samples, [2, 3, 2, 3]), 1)),
    ];
  };
  const butterfly = (length: number) => {
    const quarter = (length / 4) * NUMBER_BYTES;
    const write = (i: number, real: Code, imaginary: Code) => [
      store(place, real, i * quarter),
      store(place, imaginary, i * quarter + 16),
    ];
    /** Multiplied by a root; the last pass's are all 1. */
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
    const read = (number: Code[], i: number) =>
      number.map((half, lane) => set(half, load(place, i * quarter + 16 * lane)));
    return [
      ...[a, b, c, d].flatMap(length === SIZE ? readSamples : read),
      ...[0, 1].flatMap((half) => [
        set(sum[half], addDouble(a[half], c[half])),
        set(difference[half], subtractDouble(a[half], c[half])),
        set(otherSum[half], addDouble(b[half], d[half])),
      ]),
      // (b - d) times -i.
      set(turned[0], subtractDouble(b[1], d[1])),
      set(turned[1], subtractDouble(d[0], b[0])),
      ...write(0, addDouble(sum[0], otherSum[0]), addDouble(sum[1], otherSum[1])),
      ...writeTurned(1, addDouble(difference[0], turned[0]), addDouble(difference[1], turned[1])),
      ...writeTurned(2, subtractDouble(sum[0], otherSum[0]), subtractDouble(sum[1], otherSum[1])),
      ...writeTurned(3, subtractDouble(difference[0], turned[0]), subtractDouble(difference[1], turned[1])),
    ];
  };
  const [firstPass, ...passes] = stages;
  return [
    set(place, integer(numbers)),
    set(twiddle, integer(firstPass.twiddles)),
    set(weight, integer(window)),
    whileBelow(
      place,
      integer(numbers + partBytes),
      ...readRoots,
      ...butterfly(SIZE),
      advance(place, NUMBER_BYTES),
      advance(twiddle, 48),
      advance(sample, 8),
      advance(weight, 16),
    ),
    set(part, integer(numbers)),
    whileBelow(
      part,
      integer(numbers + SIZE * NUMBER_BYTES),
      ...passes.flatMap(({ length, twiddles }) => [
        set(first, part),
        set(twiddle, integer(twiddles)),
        whileBelow(
          first,
          addInteger(part, integer((length / 4) * NUMBER_BYTES)),
          ...(length === 4 ? [] : readRoots),
          set(place, first),
          whileBelow(
            place,
            addInteger(part, integer(partBytes)),
            ...butterfly(length),
            advance(place, length * NUMBER_BYTES),
          ),
          advance(first, NUMBER_BYTES),
          advance(twiddle, 48),
        ),
      ]),
      advance(part, partBytes),
    ),
  ];
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
    transform(4 * samples + lane * HOP_BYTES);
    writePowers(4 * (power + lane));
  }
}
