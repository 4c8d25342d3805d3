import { instantiate } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { SHORT_LENGTH, SHORTS, shortenKernel, shortProductKernel, TILE } from './short-product-kernel.ts';

type Kernel = (...parameters: number[]) => void;

/** Values that a vector has to have room for, the last ones being 0. */
export const inShorts = (columns: number): number => Math.ceil(columns / SHORTS) * SHORTS;

/** Values that products have to have room for. */
export const inTiles = (rows: number): number => Math.ceil(rows / TILE) * TILE;

/**
 * A matrix rounded to int16, for vectors that are rounded, too: a product takes less than half the time of one in
 * float32, and errs by some 10⁻⁵ of the lengths of the vector and the longest row.
 */
export class ShortMatrix {
  private readonly shorten: Kernel;
  private readonly run: Kernel;
  private readonly matrix: Int16Array;
  private readonly vector: Int16Array;
  private readonly added: Float32Array;
  /** What a step of the vector stands for, then what one of a product does. */
  private readonly factor: Float32Array;
  /** The length of the longest row. */
  readonly longest: number;
  /** What a step of the matrix stands for. */
  private readonly step: number;

  /**
   * @param matrix rows × columns, row-major.
   * @param added What to add to the product of each row.
   * @param times What products are multiplied by.
   */
  constructor(
    memory: WebAssembly.Memory,
    matrix: Float32Array,
    columns: number,
    added: Float32Array,
    times: number,
  ) {
    const rows = inTiles(added.length);
    const shorts = inShorts(columns);
    const room = takeRoom(memory, 2 * (rows + 1) * shorts + 4 * (rows + 1));
    this.matrix = new Int16Array(memory.buffer, room, rows * shorts);
    this.vector = new Int16Array(memory.buffer, room + this.matrix.byteLength, shorts);
    this.added = new Float32Array(memory.buffer, this.vector.byteOffset + this.vector.byteLength, rows);
    this.factor = new Float32Array(memory.buffer, this.added.byteOffset + this.added.byteLength, 1);
    this.added.set(added);
    this.shorten = instantiate(shortenKernel, memory);
    this.run = instantiate(shortProductKernel, memory);

    let longest = 0;
    for (let start = 0; start < matrix.length; start += columns) {
      let square = 0;
      for (let i = start; i < start + columns; i++) square += matrix[i] * matrix[i];
      longest = Math.max(longest, Math.sqrt(square));
    }
    this.longest = longest;
    const scale = longest > 0 ? SHORT_LENGTH / longest : 0;
    for (let row = 0; row < added.length; row++) {
      const tile = (row - (row % TILE)) * shorts + (row % TILE) * SHORTS;
      for (let column = 0; column < columns; column++) {
        const place = tile + (column - (column % SHORTS)) * TILE + (column % SHORTS);
        this.matrix[place] = Math.round(matrix[row * columns + column] * scale);
      }
    }
    this.step = (times * longest) / SHORT_LENGTH;
  }

  /**
   * @param vector In the memory, `inShorts(columns)` values.
   * @param out In the memory, `inTiles(rows)` values.
   * @returns The vector's length.
   */
  multiply(vector: Float32Array, out: Float32Array): number {
    const { matrix, factor, added } = this;
    const { byteOffset: start, byteLength } = this.vector;
    const end = vector.byteOffset + 4 * (byteLength / 2);
    this.shorten(vector.byteOffset, end, start, factor.byteOffset);
    const length = factor[0] * SHORT_LENGTH;
    factor[0] *= this.step;
    this.run(
      matrix.byteOffset,
      matrix.byteOffset + matrix.byteLength,
      start,
      start + byteLength,
      factor.byteOffset,
      added.byteOffset,
      out.byteOffset,
    );
    return length;
  }
}
