import {
  add,
  addBytes,
  addInteger,
  addShorts,
  advance,
  and,
  anyBit,
  assemble,
  bitsToFloat,
  type Code,
  constant,
  constantBits,
  integer,
  keepIf,
  less,
  load,
  loadInteger,
  loadSplat,
  multiply,
  or,
  set,
  shiftIntegerLeft,
  shiftShortsLeft,
  shiftShortsRight,
  signBits,
  storeLane,
  storeWhole,
  subtract,
  subtractShorts,
  swizzle,
  when,
  whenNotBelow,
  whileBelow,
  widenHigh,
  widenLow,
} from '../wasm/assembler.ts';

/** Rows whose codes lie side by side, for one load to hold a block's codes of all of them. */
export const GROUP = 32;

/** The largest value of a table: the sum of two must fit a byte. */
export const TABLE_MAXIMUM = 127;

/** The byte and the bits in it that hold the code of row `place` of a group, within a block's 16 bytes. */
export function nibbleOf(place: number): { byte: number; shift: number } {
  // Even bytes are summed apart from odd ones, so the first eight rows have the even bytes.
  const half = place % 16;
  return { byte: half < 8 ? 2 * half : 2 * half - 15, shift: place < 16 ? 0 : 4 };
}

/**
 * Scores the rows of leaves by their 4-bit codes: the sum over the blocks of what the block's table has for the code,
 * times `step`, plus the row's bias and what the leaf adds. Lists the rows with a score below a limit.
 *
 * This is the layout of faiss's "fast scan" (André et al. 2015): a table of sixteen lies in one register, and one
 * instruction looks sixteen codes up. Tables are of 7 bits, so two blocks' values are summed as bytes before
 * they are widened to 16 bits, which hold the sum of 512 blocks.
 *
 * Parameters are addresses:
 * - the numbers of the leaves and their end; how far behind a leaf's number its distance is;
 * - for each leaf, 16 bytes: where its codes begin and end, where its biases begin, the norm of its centre;
 * - the tables (16 bytes a block) and their end;
 * - three float32: step, limit, and what to add to all scores;
 * - where to list the scores; how far behind a score the address of its row's bias goes; an end of the list that
 *   it may pass by one leaf, to stop there;
 * - where to put the end of the list and the next leaf.
 */
export const codeKernel = assemble(({ parameter, integer: local, vector }) => {
  const [leaves, leavesEnd, distances, leafTable] = [parameter(), parameter(), parameter(), parameter()];
  const [tables, tablesEnd, numbers] = [parameter(), parameter(), parameter()];
  const [out, gap, full, ends] = [parameter(), parameter(), parameter(), parameter()];
  const [leaf, codes, codesEnd, biases, table, bits] = Array.from({ length: 6 }, local);
  const [first, second, firstTable, secondTable, sum, mask] = Array.from({ length: 6 }, vector);
  const [step, limit, base] = [vector(), vector(), vector()];
  // Sums of the even and of the odd bytes, for the lower and the upper four bits of a code's byte.
  const sums = Array.from({ length: 4 }, vector);
  const scores = Array.from({ length: 8 }, vector);

  /** Adds the values of two blocks to the sums. A sum of even bytes has those of odd ones on top until the end. */
  const accumulate = (even: Code, odd: Code, lower: (codes: Code) => Code): Code[] => [
    set(sum, addBytes(swizzle(firstTable, lower(first)), swizzle(secondTable, lower(second)))),
    set(even, addShorts(even, sum)),
    set(odd, addShorts(odd, shiftShortsRight(sum, 8))),
  ];
  const scoreOf = (i: number): Code => {
    const widened = (i % 2 === 0 ? widenLow : widenHigh)(sums[i >> 1]);
    return add(multiply(bitsToFloat(widened), step), load(biases, 16 * i));
  };
  /** Lists those of four rows that are below the limit: writes each, and keeps the place if it is one. */
  const list = (score: Code, i: number): Code[] => [
    set(bits, signBits(less(score, limit))),
    set(score, add(score, base)),
    ...[0, 1, 2, 3].flatMap((lane) => [
      storeLane(out, score, lane),
      storeWhole(addInteger(out, gap), addInteger(biases, integer(16 * i + 4 * lane))),
      keepIf(bits, lane, out),
    ]),
  ];

  return [
    set(step, loadSplat(numbers)),
    set(mask, constantBits(0x0f0f0f0f)),
    whileBelow(
      leaves,
      leavesEnd,
      set(leaf, addInteger(leafTable, shiftIntegerLeft(loadInteger(leaves), integer(4)))),
      set(codes, loadInteger(leaf)),
      set(codesEnd, loadInteger(leaf, 4)),
      set(biases, loadInteger(leaf, 8)),
      set(
        base,
        add(loadSplat(numbers, 8), subtract(loadSplat(addInteger(leaves, distances)), loadSplat(leaf, 12))),
      ),
      set(limit, subtract(loadSplat(numbers, 4), base)),
      whileBelow(
        codes,
        codesEnd,
        set(table, tables),
        ...sums.map((held) => set(held, constant(0))),
        whileBelow(
          table,
          tablesEnd,
          set(first, load(codes)),
          set(second, load(codes, 16)),
          set(firstTable, load(table)),
          set(secondTable, load(table, 16)),
          ...accumulate(sums[0], sums[1], (held) => and(held, mask)),
          ...accumulate(sums[2], sums[3], (held) => and(shiftShortsRight(held, 4), mask)),
          advance(codes, 32),
          advance(table, 32),
        ),
        set(sums[0], subtractShorts(sums[0], shiftShortsLeft(sums[1], 8))),
        set(sums[2], subtractShorts(sums[2], shiftShortsLeft(sums[3], 8))),
        ...scores.map((score, i) => set(score, scoreOf(i))),
        when(
          anyBit(scores.map((score) => less(score, limit)).reduce((a, b) => or(a, b))),
          ...scores.map((score, i) => when(anyBit(less(score, limit)), ...list(score, i))),
        ),
        advance(biases, 4 * GROUP),
      ),
      advance(leaves, 4),
      storeWhole(ends, out),
      storeWhole(addInteger(ends, integer(4)), leaves),
      whenNotBelow(out, full, set(leaves, leavesEnd)),
    ),
  ];
}, true);
