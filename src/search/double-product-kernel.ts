import {
  addDouble,
  addInteger,
  advance,
  assemble,
  type Code,
  constantDouble,
  load,
  loadSplatDouble,
  multiplyDouble,
  multiplyInteger,
  integer as number,
  set,
  store,
  subtractInteger,
  whileBelow,
} from '../wasm/assembler.ts';

/** Columns of the right matrix that lie side by side in memory, row by row. */
export const TILE = 4;

/** Rows of the left matrix that the kernel takes at a time. */
const ROWS = 4;

/**
 * A product of matrices in float64, in tiles of four rows and four columns, whose sixteen sums stay in registers.
 *
 * Parameters are addresses: the rows of the left matrix and their end, a multiple of four of them; the bytes of a row;
 * the right matrix, in tiles, and its end; where to put the product, and the bytes of its row, a multiple of 32.
 */
export const doubleProductKernel = assemble(({ parameter, integer, vector }) => {
  const [rows, rowsEnd, stride, tiles, tilesEnd] = [
    parameter(),
    parameter(),
    parameter(),
    parameter(),
    parameter(),
  ];
  const [out, outStride] = [parameter(), parameter()];
  const row = [integer(), integer(), integer(), integer()];
  const [tile, end, place, put] = [integer(), integer(), integer(), integer()];
  const sums = row.map(() => [vector(), vector()]);
  const column = [vector(), vector()];
  const value = vector();
  const accumulate: Code[] = [
    ...column.map((part, i) => set(part, load(tile, 16 * i))),
    ...row.flatMap((address, r) => [
      set(value, loadSplatDouble(address)),
      ...sums[r].map((sum, i) => set(sum, addDouble(sum, multiplyDouble(value, column[i])))),
    ]),
    ...row.map((address) => advance(address, 8)),
    advance(tile, 8 * TILE),
  ];
  return [
    whileBelow(
      rows,
      rowsEnd,
      ...row.map((address, r) => set(address, r === 0 ? rows : addInteger(row[r - 1], stride))),
      set(end, row[1]),
      set(tile, tiles),
      set(place, out),
      whileBelow(
        tile,
        tilesEnd,
        ...sums.flat().map((sum) => set(sum, constantDouble(0))),
        whileBelow(row[0], end, ...accumulate),
        set(put, place),
        ...sums.flatMap((pair) => [
          ...pair.map((sum, i) => store(put, sum, 16 * i)),
          set(put, addInteger(put, outStride)),
        ]),
        ...row.map((address) => set(address, subtractInteger(address, stride))),
        advance(place, 8 * TILE),
      ),
      set(rows, addInteger(row[3], stride)),
      set(out, addInteger(out, multiplyInteger(outStride, number(ROWS)))),
    ),
  ];
}, true);
