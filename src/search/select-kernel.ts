import {
  addInteger,
  advance,
  and,
  assemble,
  atMostBits,
  below,
  type Code,
  constant,
  constantBits,
  exclusiveOr,
  integer,
  keepIf,
  laneBits,
  less,
  load,
  maximumBits,
  minimumBits,
  set,
  shiftIntegerRight,
  shiftRight,
  shuffle,
  signBits,
  splatBits,
  storeLane,
  storeWhole,
  subtractBits,
  subtractInteger,
  when,
  whenNotBelow,
  whileBelow,
} from '../wasm/assembler.ts';

/**
 * Keeps the smallest of a list of float32, and what stands beside them, in their order. The largest kept is found by
 * halving the range of the keys' bits: comparing all keys with a middle costs less than one branch foreseen wrongly,
 * which a quickselect has at every other key.
 *
 * Parameters are addresses: the keys and their end, in fours, filled up with infinity; the values beside them; how
 * many to keep; where to put how many were kept, which is more where keys are equal.
 */
export const selectKernel = assemble(({ parameter, integer: local, vector }) => {
  const [keys, end, values, wanted, kept] = [parameter(), parameter(), parameter(), parameter(), parameter()];
  const [at, out, low, high, middle, count, bits, gap] = Array.from({ length: 8 }, local);
  const [key, value, middles, counts, least, most] = Array.from({ length: 6 }, vector);

  /** Bits in the order of the float32: those of negative numbers, but the sign, turned around. */
  const ordered = (held: Code): Code =>
    exclusiveOr(held, and(shiftRight(held, 31), constantBits(0x7fffffff)));
  const sumOf = (held: Code): Code =>
    [0, 1, 2, 3].map((lane) => laneBits(held, lane)).reduce((a, b) => addInteger(a, b));
  const forAll = (...body: Code[]): Code[] => [
    set(at, keys),
    whileBelow(at, end, set(key, load(at)), ...body, advance(at, 16)),
  ];
  /** The least and the most of four, in all four. */
  const spread = (held: Code, combine: (a: Code, b: Code) => Code): Code[] =>
    [shuffle(held, held, [1, 0, 3, 2]), shuffle(held, held, [2, 3, 0, 1])].map((other) =>
      set(held, combine(held, other)),
    );

  return [
    set(least, constantBits(0x7fffffff)),
    set(most, constantBits(-0x80000000)),
    ...forAll(
      set(value, ordered(key)),
      set(least, minimumBits(least, value)),
      set(most, maximumBits(most, and(value, less(key, constant(Number.POSITIVE_INFINITY))))),
    ),
    ...spread(least, minimumBits),
    ...spread(most, maximumBits),
    set(low, subtractInteger(laneBits(least, 0), integer(1))),
    set(high, laneBits(most, 0)),
    whileBelow(
      integer(1),
      subtractInteger(high, low),
      set(middle, addInteger(low, shiftIntegerRight(subtractInteger(high, low), integer(1)))),
      set(middles, splatBits(middle)),
      set(counts, constant(0)),
      ...forAll(set(counts, subtractBits(counts, atMostBits(ordered(key), middles)))),
      set(count, sumOf(counts)),
      when(below(count, wanted), set(low, middle)),
      whenNotBelow(count, wanted, set(high, middle)),
      when(below(subtractInteger(count, wanted), integer(1)), set(low, subtractInteger(high, integer(1)))),
    ),
    set(middles, splatBits(high)),
    set(gap, subtractInteger(values, keys)),
    set(out, keys),
    ...forAll(
      set(value, load(addInteger(at, gap))),
      set(bits, signBits(atMostBits(ordered(key), middles))),
      ...[0, 1, 2, 3].flatMap((lane) => [
        storeLane(out, key, lane),
        storeLane(addInteger(out, gap), value, lane),
        keepIf(bits, lane, out),
      ]),
    ),
    storeWhole(kept, shiftIntegerRight(subtractInteger(out, keys), integer(2))),
  ];
}, true);
