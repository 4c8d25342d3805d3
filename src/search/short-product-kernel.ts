import {
  acrossLanes,
  add,
  addAcross,
  addBits,
  advance,
  assemble,
  bitsToFloat,
  type Code,
  constant,
  divide,
  dotShorts,
  load,
  loadSplat,
  multiply,
  narrowBits,
  nearest,
  set,
  sqrt,
  store,
  storeFirst,
  truncate,
  whileBelow,
} from '../wasm/assembler.ts';

/** Rows that lie side by side, eight values of each after the other. */
export const TILE = 8;

/** Values of a row that one load holds. */
export const SHORTS = 8;

/** The length of a vector of int16: products of two such vectors fit int32, and so does each sum on the way (Cauchy-Schwarz). */
export const SHORT_LENGTH = 32_767;

/**
 * Rounds a vector to int16, as many steps long as fit.
 *
 * Parameters are addresses: the vector, in float32, and its end, a multiple of eight values; where to put the int16; where
 * to put the length of a step.
 */
export const shortenKernel = assemble(({ parameter, integer, vector }) => {
  const [start, end, out, step] = [parameter(), parameter(), parameter(), parameter()];
  const at = integer();
  const [value, sum, scale] = [vector(), vector(), vector()];
  const steps = (offset: number): Code => truncate(nearest(multiply(load(at, offset), scale)));
  return [
    set(at, start),
    set(sum, constant(0)),
    whileBelow(at, end, set(value, load(at)), set(sum, add(sum, multiply(value, value))), advance(at, 16)),
    ...acrossLanes(sum, add),
    set(scale, divide(constant(SHORT_LENGTH), sqrt(sum))),
    storeFirst(step, divide(sqrt(sum), constant(SHORT_LENGTH))),
    set(at, start),
    whileBelow(
      at,
      end,
      // A vector of zeros makes NaN, which becomes 0.
      store(out, narrowBits(steps(0), steps(16))),
      advance(at, 32),
      advance(out, 16),
    ),
  ];
}, true);

/**
 * A matrix of int16 times a vector of int16, each sum times a factor, plus a float32. Whole numbers, so the sums are
 * exact, and one instruction multiplies eight values.
 *
 * Parameters are addresses: the matrix, in tiles of eight rows, and its end; the vector and its end, a multiple of 16
 * bytes; the factor; what to add; where to put the sums, in float32.
 */
export const shortProductKernel = assemble(({ parameter, integer, vector }) => {
  const [matrix, matrixEnd, start, end] = [parameter(), parameter(), parameter(), parameter()];
  const [factor, added, out] = [parameter(), parameter(), parameter()];
  const at = integer();
  const [value, factors] = [vector(), vector()];
  const sums = Array.from({ length: TILE }, vector);

  const finish = (four: Code[], offset: number): Code[] => [
    ...addAcross(four[0], four[1], four[2], four[3], addBits),
    store(out, add(multiply(bitsToFloat(four[0]), factors), load(added, offset)), offset),
  ];

  return [
    set(factors, loadSplat(factor)),
    whileBelow(
      matrix,
      matrixEnd,
      set(at, start),
      ...sums.map((sum) => set(sum, constant(0))),
      whileBelow(
        at,
        end,
        set(value, load(at)),
        ...sums.map((sum, i) => set(sum, addBits(sum, dotShorts(value, load(matrix, 16 * i))))),
        advance(at, 16),
        advance(matrix, 16 * TILE),
      ),
      ...finish(sums.slice(0, 4), 0),
      ...finish(sums.slice(4), 16),
      advance(added, 4 * TILE),
      advance(out, 4 * TILE),
    ),
  ];
}, true);
