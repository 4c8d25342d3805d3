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
 * A matrix times vectors, plus a vector, in float32. Four rows at a time, so that each value of a vector is read once
 * for all four; a last four that is not full reads what lies behind the matrix and writes places no one reads.
 *
 * Parameters are addresses: the matrix and its end; the bytes of its row, a multiple of 16; the first vector and its end,
 * behind which the next one lies; what to add; where to put the sums; how far behind the sums of a vector those of the
 * next one go.
 *
 * @param count Vectors, 1 or 2. Each value of the matrix is read once for all of them, and the sums of each vector have the same
 * bits as if it were alone.
 */
function productKernelFor(count: number): WebAssembly.Module {
  return assemble(({ parameter, integer, vector }) => {
    const [matrix, matrixEnd, stride, start, end] = Array.from({ length: 5 }, parameter);
    const [added, out, apart] = [parameter(), parameter(), parameter()];
    const [at, bytes, sumsOut] = [integer(), integer(), integer()];
    const rows = [integer(), integer(), integer(), integer()];
    const row = vector();
    const products = Array.from({ length: count }, () => ({
      value: vector(),
      sums: [vector(), vector(), vector(), vector()],
    }));
    return [
      set(bytes, subtractInteger(end, start)),
      whileBelow(
        matrix,
        matrixEnd,
        set(at, start),
        ...rows.map((address, i) => set(address, i === 0 ? matrix : addInteger(rows[i - 1], stride))),
        ...products.flatMap(({ sums }) => sums.map((sum) => set(sum, constant(0)))),
        whileBelow(
          at,
          end,
          ...products.map(({ value }, i) => set(value, load(i === 0 ? at : addInteger(at, bytes)))),
          ...rows.flatMap((address, i) => [
            set(row, load(address)),
            ...products.map(({ value, sums }) => set(sums[i], add(sums[i], multiply(value, row)))),
          ]),
          ...rows.map((address) => advance(address, 16)),
          advance(at, 16),
        ),
        set(sumsOut, out),
        ...products.flatMap(({ sums: [first, second, third, fourth] }) => [
          ...addAcross(first, second, third, fourth),
          store(sumsOut, add(first, load(added))),
          set(sumsOut, addInteger(sumsOut, apart)),
        ]),
        advance(added, 16),
        advance(out, 16),
        set(matrix, addInteger(rows[3], subtractInteger(stride, bytes))),
      ),
    ];
  }, true);
}

export const productKernel = productKernelFor(1);

/** Of two vectors. */
export const productPairKernel = productKernelFor(2);
