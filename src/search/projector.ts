import { instantiate } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { productKernel } from './product-kernel.ts';

/** Matrices times a vector, plus a vector, by a kernel with a copy of them in a room of its own. */
export class Projector {
  private readonly run: (...parameters: number[]) => void;
  private readonly matrix: Float32Array;
  private readonly added: Float32Array;
  private readonly vector: Float32Array;
  private readonly out: Float32Array;

  /**
   * @param matrices Each rows × dimension, row-major, one below the other.
   * @param added As many values for each as it has rows.
   */
  constructor(
    memory: WebAssembly.Memory,
    dimension: number,
    matrices: Float32Array[],
    added: Float32Array[],
  ) {
    // The kernel takes rows and values in fours.
    const stride = (dimension + 3) & ~3;
    const rows = (added.reduce((sum, { length }) => sum + length, 0) + 3) & ~3;
    let room = takeRoom(memory, 4 * (rows * stride + 2 * rows + stride));
    const take = (length: number): Float32Array => {
      const view = new Float32Array(memory.buffer, room, length);
      room += view.byteLength;
      return view;
    };
    this.run = instantiate(productKernel, memory);
    this.matrix = take(rows * stride);
    this.added = take(rows);
    this.vector = take(stride);
    this.out = take(rows);
    let row = 0;
    matrices.forEach((matrix, i) => {
      this.added.set(added[i], row);
      for (let start = 0; start < matrix.length; start += dimension) {
        this.matrix.set(matrix.subarray(start, start + dimension), stride * row++);
      }
    });
  }

  /** @returns A value for each row of each matrix; a view that the next call writes anew. */
  project(vector: Float32Array): Float32Array {
    const { matrix, added, out } = this;
    this.vector.set(vector);
    this.run(
      matrix.byteOffset,
      matrix.byteOffset + matrix.byteLength,
      this.vector.byteLength,
      this.vector.byteOffset,
      this.vector.byteOffset + this.vector.byteLength,
      added.byteOffset,
      out.byteOffset,
    );
    return out;
  }
}
