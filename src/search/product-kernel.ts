import {
  add,
  addAcross,
  addInteger,
  advance,
  assemble,
  constant,
  load,
  multiply,
  set,
  store,
  subtractInteger,
  whileBelow,
} from '../wasm/assembler.ts';

/**
 * A matrix times a vector, plus a vector, in float32. Four rows at a time, so that each value of the vector is read
 * once for all four; a last four that is not full reads what lies behind the matrix and writes places no one reads.
 *
 * Parameters are addresses: the matrix and its end; the bytes of its row, a multiple of 16; the vector and its end;
 * what to add; where to put the sums.
 */
export const productKernel = assemble(({ parameter, integer, vector }) => {
  const [matrix, matrixEnd, stride, start, end] = Array.from({ length: 5 }, parameter);
  const [added, out] = [parameter(), parameter()];
  const at = integer();
  const rows = [integer(), integer(), integer(), integer()];
  const value = vector();
  const sums = [vector(), vector(), vector(), vector()];
  const [first, second, third, fourth] = sums;
  return [
    whileBelow(
      matrix,
      matrixEnd,
      set(at, start),
      ...rows.map((row, i) => set(row, i === 0 ? matrix : addInteger(rows[i - 1], stride))),
      ...sums.map((sum) => set(sum, constant(0))),
      whileBelow(
        at,
        end,
        set(value, load(at)),
        ...sums.map((sum, i) => set(sum, add(sum, multiply(value, load(rows[i]))))),
        ...rows.map((row) => advance(row, 16)),
        advance(at, 16),
      ),
      ...addAcross(first, second, third, fourth),
      store(out, add(first, load(added))),
      advance(added, 16),
      advance(out, 16),
      set(matrix, addInteger(rows[3], subtractInteger(stride, subtractInteger(end, start)))),
    ),
  ];
}, true);
