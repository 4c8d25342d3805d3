import { instantiate } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { largestOf } from './bring-forward.ts';
import { codeKernel, LIMIT, LIST_END, LIST_FULL, QUERY_BYTES, TABLES, TABLES_END } from './code-kernel.ts';
import { CENTRES } from './product-quantiser.ts';
import { type KeyList, LARGEST, listAt, listBytes, type SmallestKeys } from './smallest-keys.ts';
import { tableKernel } from './table-kernel.ts';
import { BOOK } from './tree-index.ts';

/** Scores that are listed before the best of them are selected, at least. */
const LIST = 256;

/** Looks leaves through for a query by their codes, with the query's tables and a list of the best scores. */
export class CodeSearch {
  private readonly score: (...parameters: number[]) => void;
  private readonly fillTables: (...parameters: number[]) => void;
  private readonly codebooks: Float32Array;
  /** Of a query with the codebooks' centres. */
  private readonly products: number;
  /** The next leaf. */
  private readonly told: Uint32Array;
  private readonly tables: number;
  private readonly tablesEnd: number;
  /** What `codeKernel` needs of the query, as words. */
  private readonly words: Uint32Array;
  private readonly floats: Float32Array;
  private listed: KeyList = { keys: new Float32Array(0), values: new Uint32Array(0) };
  /** Rows to keep of the list. */
  private wanted = 0;

  /**
   * @param codebooks blocks × 2 × 16.
   * @param largest Rows of the largest leaf.
   */
  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly smallest: SmallestKeys,
    codebooks: Float32Array,
    private readonly largest: number,
  ) {
    const tableBytes = (codebooks.length / BOOK) * CENTRES;
    const length = 4 * codebooks.length + 5 * tableBytes + QUERY_BYTES + 4;
    const room = takeRoom(memory, length);
    this.score = instantiate(codeKernel, memory);
    this.fillTables = instantiate(tableKernel, memory);
    this.codebooks = new Float32Array(memory.buffer, room, codebooks.length);
    this.codebooks.set(codebooks);
    this.products = room + this.codebooks.byteLength;
    this.tables = this.products + 4 * tableBytes;
    this.tablesEnd = this.tables + tableBytes;
    const query = this.tablesEnd;
    this.words = new Uint32Array(memory.buffer, query, QUERY_BYTES / 4);
    this.floats = new Float32Array(memory.buffer, query, QUERY_BYTES / 4);
    this.told = new Uint32Array(memory.buffer, query + QUERY_BYTES, 1);
  }

  /** The rows found so far: their scores, and where they have their biases. */
  get list(): KeyList {
    return this.listed;
  }

  /**
   * Empties the list and fills the tables for another query.
   *
   * @param components In the memory, two a block.
   * @param wanted Rows to find at most.
   */
  begin(components: Float32Array, wanted: number): void {
    const { words, floats, tables, codebooks, products } = this;
    const full = Math.max(2 * wanted, LIST);
    this.wanted = wanted;
    this.makeRoom(full + this.largest + 4);
    const start = components.byteOffset;
    const end = start + components.byteLength;
    this.fillTables(start, end, codebooks.byteOffset, products, tables, words.byteOffset);
    const { byteOffset } = this.listed.keys;
    words[TABLES / 4] = tables;
    words[TABLES_END / 4] = this.tablesEnd;
    words[LIST_END / 4] = byteOffset;
    words[LIST_FULL / 4] = byteOffset + 4 * full;
    // What is infinite, as places without a row are, is not listed.
    floats[LIMIT / 4] = LARGEST;
  }

  /**
   * Scores the rows of leaves.
   *
   * @param leaves What a leaf's rows have in common in their scores, and its number in the table.
   * @param count How many of them, from the first on.
   * @param leafTable As `codeKernel` wants it.
   */
  scan({ keys, values }: KeyList, count: number, leafTable: Uint32Array): void {
    const { told, words, listed, smallest } = this;
    const end = values.byteOffset + 4 * count;
    for (let next = values.byteOffset; next < end; next = told[0]) {
      this.score(
        next,
        end,
        keys.byteOffset - values.byteOffset,
        leafTable.byteOffset,
        words.byteOffset,
        listed.values.byteOffset - listed.keys.byteOffset,
        smallest.keptLanes,
        told.byteOffset,
      );
      this.tighten();
    }
  }

  /** Keeps the best of the list, and no more than are wanted. Returns how many they are. */
  keepBest(): number {
    const { words, listed, wanted } = this;
    const count = (words[LIST_END / 4] - listed.keys.byteOffset) / 4;
    const kept = this.smallest.keep(listed, count, wanted);
    words[LIST_END / 4] = listed.keys.byteOffset + 4 * kept;
    return kept;
  }

  /** The same, and from now on lists nothing worse, where more were listed than are wanted. */
  private tighten(): void {
    const { words, floats, listed, wanted } = this;
    if (words[LIST_END / 4] <= listed.keys.byteOffset + 4 * wanted) return;
    floats[LIMIT / 4] = largestOf(listed.keys, this.keepBest());
  }

  /** @param length Scores that the list has to have room for. */
  private makeRoom(length: number): void {
    if (length <= this.listed.keys.length) return;
    // Room is taken for good, so it doubles.
    const taken = 2 ** Math.ceil(Math.log2(length));
    this.listed = listAt(this.memory, takeRoom(this.memory, listBytes(taken)), taken);
  }
}
