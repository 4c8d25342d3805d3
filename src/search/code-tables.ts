import { instantiate } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { CENTRES } from './product-quantiser.ts';
import { tableKernel } from './table-kernel.ts';
import { BOOK } from './tree-index.ts';

/** The tables of `codeKernel`, in a room of their own with what fills them. */
export class CodeTables {
  /** A block's sixteen entries, block by block. */
  readonly tables: Uint8Array;
  private readonly run: (...parameters: number[]) => void;
  private readonly codebooks: Float32Array;
  /** Of the query with the codebooks' centres. */
  private readonly products: Float32Array;

  /** @param codebooks blocks × 2 × 16. */
  constructor(memory: WebAssembly.Memory, codebooks: Float32Array) {
    const entries = (codebooks.length / BOOK) * CENTRES;
    const room = takeRoom(memory, 4 * (codebooks.length + entries) + entries);
    this.run = instantiate(tableKernel, memory);
    this.codebooks = new Float32Array(memory.buffer, room, codebooks.length);
    this.codebooks.set(codebooks);
    this.products = new Float32Array(memory.buffer, room + this.codebooks.byteLength, entries);
    this.tables = new Uint8Array(memory.buffer, this.products.byteOffset + 4 * entries, entries);
  }

  /**
   * @param query Its values, two a block, in the memory.
   * @param numbers In the memory: gets the step as its first, and the sum of what steps are counted from as its third.
   */
  fill(query: Float32Array, numbers: Float32Array): void {
    const { run, codebooks, products, tables } = this;
    run(
      query.byteOffset,
      query.byteOffset + query.byteLength,
      codebooks.byteOffset,
      products.byteOffset,
      tables.byteOffset,
      numbers.byteOffset,
    );
  }
}
