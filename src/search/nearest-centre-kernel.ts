import {
  add,
  addBits,
  addInteger,
  advance,
  assemble,
  type Code,
  choose,
  constant,
  constantBits,
  less,
  load,
  loadSplat,
  maximum,
  minimum,
  multiply,
  set,
  shuffle,
  store,
  subtractInteger,
  whileBelow,
} from '../wasm/assembler.ts';

/** Centres that lie side by side in memory, value by value. */
export const TILE = 8;

/** Rows that the kernel takes at a time. */
export const ROWS = 4;

/** Values of a row that one turn of the inner loop takes. */
const UNROLLED = 4;

/**
 * The nearest centre of each row by |c|² - 2 x·c, in float32: a matrix product in tiles of four rows and eight
 * centres, whose 32 sums stay in registers.
 *
 * Parameters are addresses: the rows and their end, a multiple of four of them; the bytes of a row, and of those of
 * its values that are whole fours; the centres times -2, in tiles, and their end; their squared norms; the numbers of
 * the first four centres; where to put the smallest score of each row, the one after it, and the centre's number.
 */
export const nearestCentreKernel = assemble(({ parameter, integer, vector }) => {
  const [rows, rowsEnd, stride, foursBytes] = [parameter(), parameter(), parameter(), parameter()];
  const [tiles, tilesEnd, squares, firstNumbers] = [parameter(), parameter(), parameter(), parameter()];
  const [bestOut, secondOut, numberOut] = [parameter(), parameter(), parameter()];
  const row = [integer(), integer(), integer(), integer()];
  const [tile, square, foursEnd, end] = [integer(), integer(), integer(), integer()];
  const sums = row.map(() => [vector(), vector()]);
  const centre = [vector(), vector()];
  const value = vector();
  const best = row.map(() => vector());
  const second = row.map(() => vector());
  const number = row.map(() => vector());
  const [numbers, isLess] = [vector(), vector()];

  const accumulate = (place: number): Code[] => [
    ...centre.map((part, i) => set(part, load(tile, 4 * TILE * place + 16 * i))),
    ...row.flatMap((address, r) => [
      set(value, loadSplat(address, 4 * place)),
      ...sums[r].map((sum, i) => set(sum, add(sum, multiply(value, centre[i])))),
    ]),
  ];
  const step = (values: number): Code[] => [
    ...row.map((address) => advance(address, 4 * values)),
    advance(tile, 4 * TILE * values),
  ];
  /** Takes a score into a row's best, second and number; the lanes go on side by side. */
  const take = (r: number, score: Code, from: Code): Code[] => [
    set(isLess, less(score, best[r])),
    set(second[r], minimum(second[r], maximum(score, best[r]))),
    set(best[r], minimum(best[r], score)),
    set(number[r], choose(from, number[r], isLess)),
  ];

  return [
    whileBelow(
      rows,
      rowsEnd,
      ...row.map((address, r) => set(address, r === 0 ? rows : addInteger(row[r - 1], stride))),
      set(tile, tiles),
      set(square, squares),
      set(numbers, load(firstNumbers)),
      ...[...best, ...second].map((least) => set(least, constant(Number.POSITIVE_INFINITY))),
      ...number.map((none) => set(none, constantBits(0))),
      whileBelow(
        tile,
        tilesEnd,
        ...sums.flatMap((pair) => pair.map((sum, i) => set(sum, load(square, 16 * i)))),
        set(foursEnd, addInteger(row[0], foursBytes)),
        set(end, addInteger(row[0], stride)),
        whileBelow(
          row[0],
          foursEnd,
          ...Array.from({ length: UNROLLED }, (_, i) => accumulate(i)).flat(),
          ...step(UNROLLED),
        ),
        whileBelow(row[0], end, ...accumulate(0), ...step(1)),
        ...row.map((address) => set(address, subtractInteger(address, stride))),
        ...[0, 1].flatMap((i) => [
          ...row.flatMap((_, r) => take(r, sums[r][i], numbers)),
          set(numbers, addBits(numbers, constantBits(4))),
        ]),
        advance(square, 4 * TILE),
      ),
      // From a lane a centre to a lane a row; then the lanes of each row are compared.
      ...[best, second, number].flatMap((four) => transpose(four, sums.flat())),
      ...[1, 2, 3].flatMap((i) => [
        set(second[0], minimum(second[0], second[i])),
        ...take(0, best[i], number[i]),
      ]),
      store(bestOut, best[0]),
      store(secondOut, second[0]),
      store(numberOut, number[0]),
      ...[bestOut, secondOut, numberOut].map((out) => advance(out, 16)),
      set(rows, addInteger(row[3], stride)),
    ),
  ];
}, true);

/** Turns four vectors, so that the i-th has the i-th place of each. `spare` is written over. */
function transpose([a, b, c, d]: Code[], [low, high, lower, higher]: Code[]): Code[] {
  return [
    set(low, shuffle(a, b, [0, 4, 1, 5])),
    set(high, shuffle(a, b, [2, 6, 3, 7])),
    set(lower, shuffle(c, d, [0, 4, 1, 5])),
    set(higher, shuffle(c, d, [2, 6, 3, 7])),
    set(a, shuffle(low, lower, [0, 1, 4, 5])),
    set(b, shuffle(low, lower, [2, 3, 6, 7])),
    set(c, shuffle(high, higher, [0, 1, 4, 5])),
    set(d, shuffle(high, higher, [2, 3, 6, 7])),
  ];
}
