import {
  acrossLanes,
  add,
  addInteger,
  advance,
  assemble,
  type Code,
  constant,
  divide,
  load,
  loadSplat,
  maximum,
  minimum,
  multiply,
  narrowBits,
  narrowShorts,
  integer as number,
  set,
  store,
  storeFirst,
  subtract,
  truncate,
  whileBelow,
} from '../wasm/assembler.ts';
import { TABLE_MAXIMUM } from './code-kernel.ts';

/**
 * Fills the tables of `codeKernel` for a query: for each block the inner products of the query with the block's
 * centres, times -2, as whole steps above the least of them. All tables have one step, for sums over them.
 *
 * Parameters are addresses: the query's values, two a block, and their end; the blocks' centres (the first values of
 * sixteen, then the second); room for sixteen float32 a block; the tables (16 bytes a block); where to put the step,
 * and eight bytes on the sum of what steps are counted from.
 */
export const tableKernel = assemble(({ parameter, integer, vector }) => {
  const [query, queryEnd, books, products, tables, numbers] = Array.from({ length: 6 }, parameter);
  const [at, out] = [integer(), integer()];
  const [x, y, low, high, span, base, scale] = Array.from({ length: 7 }, vector);
  const held = Array.from({ length: 4 }, vector);

  /** The least or the most of sixteen, in all four places. */
  const across = (result: Code, combine: (a: Code, b: Code) => Code): Code[] => [
    set(result, combine(combine(held[0], held[1]), combine(held[2], held[3]))),
    ...acrossLanes(result, combine),
  ];
  const steps = (i: number): Code => truncate(add(multiply(load(at, 16 * i), scale), constant(0.5)));

  return [
    set(at, products),
    set(out, tables),
    set(span, constant(0)),
    set(base, constant(0)),
    whileBelow(
      query,
      queryEnd,
      set(x, multiply(loadSplat(query), constant(-2))),
      set(y, multiply(loadSplat(query, 4), constant(-2))),
      ...held.map((product, i) =>
        set(product, add(multiply(x, load(books, 16 * i)), multiply(y, load(books, 64 + 16 * i)))),
      ),
      ...across(low, minimum),
      ...across(high, maximum),
      ...held.map((product, i) => store(at, subtract(product, low), 16 * i)),
      set(base, add(base, low)),
      set(span, maximum(span, subtract(high, low))),
      advance(query, 8),
      advance(books, 128),
      advance(at, 64),
    ),
    set(queryEnd, at),
    set(at, products),
    set(scale, divide(constant(TABLE_MAXIMUM), span)),
    whileBelow(
      at,
      queryEnd,
      // A step of 0 makes NaN, which becomes 0.
      store(out, narrowShorts(narrowBits(steps(0), steps(1)), narrowBits(steps(2), steps(3)))),
      advance(at, 64),
      advance(out, 16),
    ),
    storeFirst(numbers, divide(span, constant(TABLE_MAXIMUM))),
    storeFirst(addInteger(numbers, number(8)), base),
  ];
}, true);
