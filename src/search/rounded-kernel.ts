import {
  absolute,
  acrossLanes,
  add,
  addAcross,
  addBits,
  addInteger,
  advance,
  and,
  assemble,
  atLeast,
  bitsToFloat,
  type Code,
  constant,
  divide,
  dotShorts,
  exclusiveOrInteger,
  greater,
  listLanes,
  load,
  loadBytes,
  loadSplat,
  maximum,
  multiply,
  narrowBits,
  narrowToBytes,
  nearest,
  integer as number,
  set,
  signBits,
  store,
  storeFirst,
  storeWhole,
  subtract,
  truncate,
  whileBelow,
} from '../wasm/assembler.ts';

/** Rows that lie side by side, sixteen values of each after the other: what a kernel loads at once. */
export const ROUNDED_ROWS = 4;
export const ROUNDED_VALUES = 16;

/** Floats that the scan needs of so many rows: of each its rounded square, its step, its error. */
export const TERMS = 3 * ROUNDED_ROWS;

/** Steps that the largest value of a row has: what int8 holds. */
const STEPS = 127;

/** Squares of lesser steps would lose their precision, as float32. */
const LEAST_STEP = 2 ** -50;

/**
 * Rounds a row to int8.
 *
 * Parameters are addresses: the row and its end, a multiple of sixteen values; where to put the codes, of which each
 * sixteen have those of three other rows behind them; where to put the step (float32), the sum of the codes' squares
 * (int32) and the squared length of what the rounding took away (float32).
 */
export const roundKernel = assemble(({ parameter, integer, vector }) => {
  const [row, end, codes, out] = Array.from({ length: 4 }, parameter);
  const at = integer();
  const [most, step, scale, squares, error, difference] = Array.from({ length: 6 }, vector);
  const values = Array.from({ length: 4 }, vector);

  const [first, second, third, fourth] = values;
  const addSquares = (shorts: Code): Code => set(squares, addBits(squares, dotShorts(shorts, shorts)));

  return [
    set(at, row),
    set(most, constant(0)),
    whileBelow(at, end, set(most, maximum(most, absolute(load(at)))), advance(at, 16)),
    ...acrossLanes(most, maximum),
    set(step, divide(most, constant(STEPS))),
    // Without the precision of float32 it is none.
    set(step, and(step, atLeast(step, constant(LEAST_STEP)))),
    set(scale, and(divide(constant(1), step), atLeast(step, constant(LEAST_STEP)))),
    set(squares, constant(0)),
    set(error, constant(0)),
    set(at, row),
    whileBelow(
      at,
      end,
      ...values.flatMap((value, i) => [
        set(value, nearest(multiply(load(at, 16 * i), scale))),
        set(difference, subtract(load(at, 16 * i), multiply(value, step))),
        set(error, add(error, multiply(difference, difference))),
      ]),
      set(first, narrowBits(truncate(first), truncate(second))),
      set(third, narrowBits(truncate(third), truncate(fourth))),
      addSquares(first),
      addSquares(third),
      store(codes, narrowToBytes(first, third)),
      advance(at, 4 * ROUNDED_VALUES),
      advance(codes, ROUNDED_ROWS * ROUNDED_VALUES),
    ),
    ...acrossLanes(squares, addBits),
    ...acrossLanes(error, add),
    storeFirst(out, step),
    storeFirst(addInteger(out, number(4)), squares),
    storeFirst(addInteger(out, number(8)), error),
  ];
}, true);

/** Queries that a kernel looks for at once at most, for each row to be widened to int16 but once. */
export const TOGETHER = 2;

/** Bytes of a query's facts: its rounded square, twice its step, the limit plus its error (float32), and four to spare. */
export const FACT_BYTES = 16;

/**
 * Lists the rows that may be within a limit of a query, both rounded (`rounded-rows.ts`), for so many queries. For a row x
 * and a query q that were rounded to y and p, |p - y| is at most |q - x| + |q - p| + |x - y|.
 *
 * Parameters are addresses: the codes of the rows and their end; their terms; the query as int16, and its end, where the
 * next one begins; its facts, and those of the next; then the number of the first row; then for each query where to put
 * the numbers of the rows found, with room for all; then where to put the ends of these.
 */
export const roundedKernelFor = (queries: number): WebAssembly.Module =>
  assemble(({ parameter, integer, vector }) => {
    const [codes, codesEnd, terms, query, queryEnd] = Array.from({ length: 5 }, parameter);
    const [facts, first] = [parameter(), parameter()];
    const found = Array.from({ length: queries }, parameter);
    const foundEnds = parameter();
    const [at, next, bits] = [integer(), integer(), integer()];
    const [widened, bound] = [vector(), vector()];
    const asked = Array.from({ length: queries }, () => ({
      halves: [vector(), vector()],
      sums: Array.from({ length: ROUNDED_ROWS }, vector),
    }));

    /** Takes eight values of each row. */
    const addProducts = (half: number): Code[] =>
      Array.from({ length: ROUNDED_ROWS }, (_, row) => [
        set(widened, loadBytes(codes, ROUNDED_VALUES * row + (ROUNDED_VALUES / 2) * half)),
        ...asked.map(({ halves, sums }) =>
          set(sums[row], addBits(sums[row], dotShorts(widened, halves[half]))),
        ),
      ]).flat();

    const listRows = ([sum, second, third, fourth]: Code[], i: number): Code[] => [
      ...addAcross(sum, second, third, fourth, addBits),
      set(
        sum,
        multiply(
          multiply(bitsToFloat(sum), load(terms, 4 * ROUNDED_ROWS)),
          loadSplat(facts, FACT_BYTES * i + 4),
        ),
      ),
      set(sum, subtract(add(load(terms), loadSplat(facts, FACT_BYTES * i)), sum)),
      set(bound, add(load(terms, 8 * ROUNDED_ROWS), loadSplat(facts, FACT_BYTES * i + 8))),
      // What is no number is not greater, and so is found.
      set(bits, exclusiveOrInteger(signBits(greater(sum, multiply(bound, bound))), number(15))),
      listLanes(bits, found[i], (lane) => addInteger(first, number(lane))),
    ];

    return [
      whileBelow(
        codes,
        codesEnd,
        set(at, query),
        set(next, queryEnd),
        ...asked.flatMap(({ sums }) => sums.map((sum) => set(sum, constant(0)))),
        whileBelow(
          at,
          queryEnd,
          ...asked.flatMap(({ halves }, i) =>
            halves.map((half, j) => set(half, load(i === 0 ? at : next, 16 * j))),
          ),
          ...addProducts(0),
          ...addProducts(1),
          advance(at, 2 * ROUNDED_VALUES),
          advance(next, 2 * ROUNDED_VALUES),
          advance(codes, ROUNDED_ROWS * ROUNDED_VALUES),
        ),
        ...asked.flatMap(({ sums }, i) => listRows(sums, i)),
        advance(first, ROUNDED_ROWS),
        advance(terms, 4 * TERMS),
      ),
      ...found.map((end, i) => storeWhole(addInteger(foundEnds, number(4 * i)), end)),
    ];
  }, true);
