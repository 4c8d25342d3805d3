import { instantiate } from '../wasm/assembler.ts';
import { allocateShared, memoryOf } from '../wasm/shared-memory.ts';
import { nearestCentreKernel, ROWS, TILE } from './nearest-centre-kernel.ts';

/** Rows that are compared at once: each centre read from the cache serves four of them. */
const BLOCK = 16 * ROWS;

/** Finds the nearest centres of a block of rows in float32; of nearly equal ones any, but always the same. */
interface NearestCentreFinder {
  /** Some rows × dimension, row-major, to be filled. */
  rows: Float32Array;
  /** The nearest centre of each of `rows`; a view that the next call writes anew. */
  find(): Uint32Array;
}

/** @param centres Float32Array, centres × dimension, row-major. */
export function nearestCentreFinder(centres: Float32Array, dimension: number): NearestCentreFinder {
  const count = centres.length / dimension;
  const padded = Math.ceil(count / TILE) * TILE;
  const { buffer } = allocateShared(4 * (padded * (dimension + 1) + ROWS + BLOCK * (dimension + 3)));
  const run = instantiate(nearestCentreKernel, memoryOf(buffer)!);
  let end = 0;
  const take = (length: number): Float32Array => {
    end += 4 * length;
    return new Float32Array(buffer, end - 4 * length, length);
  };
  const tiles = take(padded * dimension);
  // Places that are no centre are never the nearest.
  const squares = take(padded).fill(Number.POSITIVE_INFINITY);
  const firstNumbers = take(ROWS);
  new Uint32Array(buffer, firstNumbers.byteOffset, ROWS).set([0, 1, 2, 3]);
  const rows = take(BLOCK * dimension);
  const [best, second, found] = [take(BLOCK), take(BLOCK), take(BLOCK)];
  for (let centre = 0; centre < count; centre++) {
    squares[centre] = 0;
    const tile = (centre - (centre % TILE)) * dimension + (centre % TILE);
    for (let i = 0; i < dimension; i++) {
      const value = centres[centre * dimension + i];
      tiles[tile + i * TILE] = -2 * value;
      squares[centre] += value * value;
    }
  }
  const numbers = new Uint32Array(buffer, found.byteOffset, BLOCK);
  return {
    rows,
    find: () => {
      run(
        rows.byteOffset,
        rows.byteOffset + rows.byteLength,
        4 * dimension,
        4 * (dimension - (dimension % 4)),
        tiles.byteOffset,
        tiles.byteOffset + tiles.byteLength,
        squares.byteOffset,
        firstNumbers.byteOffset,
        best.byteOffset,
        second.byteOffset,
        found.byteOffset,
      );
      return numbers;
    },
  };
}
