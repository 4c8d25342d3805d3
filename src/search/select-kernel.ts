import {
  acrossLanes,
  addInteger,
  advance,
  and,
  assemble,
  atLeast,
  atMostBits,
  below,
  type Code,
  constant,
  constantBits,
  countBits,
  exclusiveOr,
  integer,
  laneBits,
  less,
  load,
  loadSplat,
  maximumBits,
  minimumBits,
  set,
  shiftIntegerLeft,
  shiftIntegerRight,
  shiftRight,
  signBits,
  splatBits,
  store,
  storeFirst,
  storeWhole,
  subtractBits,
  subtractInteger,
  swizzle,
  when,
  whenNotBelow,
  whileBelow,
} from '../wasm/assembler.ts';

/** Turns the bits of negative float32 around, but the sign: whole numbers in the order of the float32. */
const ordered = (held: Code): Code => exclusiveOr(held, and(shiftRight(held, 31), constantBits(0x7fffffff)));

/**
 * Finds a limit that so many float32 are up to, and more only where some equal it. It halves the range of their bits:
 * comparing all of them with a middle costs less than one branch foreseen wrongly, which a quickselect has at every
 * other value.
 *
 * Parameters are addresses: the values and their end, in fours, filled up with infinity; how many are wanted; where to
 * put the limit.
 */
export const limitKernel = assemble(({ parameter, integer: local, vector }) => {
  const [keys, end, wanted, limit] = [parameter(), parameter(), parameter(), parameter()];
  const [at, low, high, middle, count] = Array.from({ length: 5 }, local);
  const [key, value, middles, counts, least, most] = Array.from({ length: 6 }, vector);

  const sumOf = (held: Code): Code =>
    [0, 1, 2, 3].map((lane) => laneBits(held, lane)).reduce((a, b) => addInteger(a, b));
  const forAll = (...body: Code[]): Code[] => [
    set(at, keys),
    whileBelow(at, end, set(key, load(at)), ...body, advance(at, 16)),
  ];

  return [
    set(least, constantBits(0x7fffffff)),
    set(most, constantBits(-0x80000000)),
    ...forAll(
      set(value, ordered(key)),
      set(least, minimumBits(least, value)),
      set(most, maximumBits(most, and(value, less(key, constant(Number.POSITIVE_INFINITY))))),
    ),
    ...acrossLanes(least, minimumBits),
    ...acrossLanes(most, maximumBits),
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
    storeFirst(limit, ordered(middles)),
  ];
}, true);

/**
 * Keeps the float32 of a list that are up to a limit, and what stands beside them, in their order and without a branch.
 *
 * Parameters are addresses: the values and their end, in fours, filled up with infinity; what stands beside them; the
 * limit; `KEPT_LANES`; where to put how many were kept.
 */
export const keepKernel = assemble(({ parameter, integer: local, vector }) => {
  const [keys, end, values, limit, keptLanes, kept] = Array.from({ length: 6 }, parameter);
  const [at, out, gap, bits] = Array.from({ length: 4 }, local);
  const [key, value, limits, lanes] = Array.from({ length: 4 }, vector);
  return [
    set(limits, loadSplat(limit)),
    set(gap, subtractInteger(values, keys)),
    set(at, keys),
    set(out, keys),
    whileBelow(
      at,
      end,
      set(key, load(at)),
      set(value, load(addInteger(at, gap))),
      set(bits, signBits(atLeast(limits, key))),
      set(lanes, load(addInteger(keptLanes, shiftIntegerLeft(bits, integer(4))))),
      store(out, swizzle(key, lanes)),
      store(addInteger(out, gap), swizzle(value, lanes)),
      set(out, addInteger(out, shiftIntegerLeft(countBits(bits), integer(2)))),
      advance(at, 16),
    ),
    storeWhole(kept, shiftIntegerRight(subtractInteger(out, keys), integer(2))),
  ];
}, true);
