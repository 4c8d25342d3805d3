import {
  add,
  addBits,
  addBytes,
  addInteger,
  addShorts,
  advance,
  and,
  anyBit,
  assemble,
  atLeast,
  bitsToFloat,
  type Code,
  constant,
  constantBits,
  constantWords,
  countBits,
  integer,
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
  splatBits,
  store,
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

/** Bytes of what `codeKernel` needs of a query, and where in them the parts stand. */
export const QUERY_BYTES = 32;
export const STEP = 0;
export const LIMIT = 4;
export const BASE = 8;
export const TABLES = 12;
export const TABLES_END = 16;
export const LIST_END = 20;
export const LIST_FULL = 24;

/**
 * Scores the rows of leaves by their 4-bit codes: the sum over the blocks of what the block's table has for the code,
 * times `step`, plus the row's bias and what the leaf adds. Lists the rows with a score up to a limit.
 *
 * This is the layout of faiss's "fast scan" (André et al. 2015): a table of sixteen lies in one register, and one
 * instruction looks sixteen codes up. Tables are of 7 bits, so two blocks' values are summed as bytes before
 * they are widened to 16 bits, which hold the sum of 512 blocks.
 *
 * Parameters are addresses:
 * - the numbers of the leaves to look at and their end; how far behind a leaf's number its distance from the query is;
 * - for each leaf, 16 bytes: where its codes begin and end, where its biases begin, the norm of its centre;
 * - the query: three float32, step, limit, and what to add to all scores; then the addresses of its tables (16 bytes a
 *   block) and of their end, of the end of its list, which moves on, and of the mark that the list may pass by one leaf:
 *   the kernel stops there. Three places behind the list are written to;
 * - how far behind a score in the list the address of its row's bias goes;
 * - `KEPT_LANES`;
 * - where to put the next leaf.
 */
export const codeKernel = assemble(({ parameter, integer: local, vector }) => {
  const [leaves, leavesEnd, toDistance, leafTable] = [parameter(), parameter(), parameter(), parameter()];
  const [query, gap, keptLanes, told] = [parameter(), parameter(), parameter(), parameter()];
  const [leaf, codes, codesEnd, biases, bits] = Array.from({ length: 5 }, local);
  const [table, tablesEnd, out] = [local(), local(), local()];
  const [first, second, firstTable, secondTable, sum, mask] = Array.from({ length: 6 }, vector);
  const [step, limit, base, lanes] = Array.from({ length: 4 }, vector);
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
    return add(add(multiply(bitsToFloat(widened), step), load(biases, 16 * i)), base);
  };
  // Of the rounded score, for what is listed not to depend on when the limit fell.
  const isListed = (score: Code): Code => atLeast(limit, score);
  const list = (score: Code, i: number): Code[] => [
    set(bits, signBits(isListed(score))),
    set(lanes, load(addInteger(keptLanes, shiftIntegerLeft(bits, integer(4))))),
    store(out, swizzle(score, lanes)),
    store(
      addInteger(out, gap),
      swizzle(addBits(splatBits(addInteger(biases, integer(16 * i))), constantWords(0, 4, 8, 12)), lanes),
    ),
    set(out, addInteger(out, shiftIntegerLeft(countBits(bits), integer(2)))),
  ];

  return [
    set(mask, constantBits(0x0f0f0f0f)),
    set(step, loadSplat(query, STEP)),
    set(limit, loadSplat(query, LIMIT)),
    set(tablesEnd, loadInteger(query, TABLES_END)),
    set(out, loadInteger(query, LIST_END)),
    whileBelow(
      leaves,
      leavesEnd,
      set(leaf, addInteger(leafTable, shiftIntegerLeft(loadInteger(leaves), integer(4)))),
      set(codes, loadInteger(leaf)),
      set(codesEnd, loadInteger(leaf, 4)),
      set(biases, loadInteger(leaf, 8)),
      set(
        base,
        add(loadSplat(query, BASE), subtract(loadSplat(addInteger(leaves, toDistance)), loadSplat(leaf, 12))),
      ),
      whileBelow(
        codes,
        codesEnd,
        set(table, loadInteger(query, TABLES)),
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
        when(anyBit(scores.map(isListed).reduce((a, b) => or(a, b))), ...scores.flatMap(list)),
        advance(biases, 4 * GROUP),
      ),
      advance(leaves, 4),
      storeWhole(told, leaves),
      whenNotBelow(out, loadInteger(query, LIST_FULL), set(leaves, leavesEnd)),
    ),
    storeWhole(addInteger(query, integer(LIST_END)), out),
  ];
}, true);
