import { instantiate, KEPT_LANES } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { largestOf } from './bring-forward.ts';
import { codeKernel, LIMIT, LIST_END, LIST_FULL, QUERY_BYTES, TABLES, TABLES_END } from './code-kernel.ts';
import { CENTRES } from './product-quantiser.ts';
import { type KeyList, LARGEST, listAt, listBytes, type SmallestKeys } from './smallest-keys.ts';
import { tableKernel } from './table-kernel.ts';
import { BOOK } from './tree-index.ts';

/** Scores that are listed before the best of them are selected, at least. */
const LIST = 256;

/** Bytes of the queries at most, if one alone takes no more: what a second-level cache holds. */
const ROOM = 2 ** 20;

/** Leaves to look at, in the memory, each for a query: three arrays of the same length. */
export interface CodeItems {
  /** Numbers in the table of leaves. */
  leaves: Uint32Array;
  /** What the leaf's rows have in common in their scores. */
  distances: Float32Array;
  /** As `CodeQueries.addressOf` gives them. */
  queries: Uint32Array;
}

/** A query's part of the room. */
interface Place {
  /** What `codeKernel` needs of the query, as words. */
  words: Uint32Array;
  floats: Float32Array;
  list: KeyList;
}

/** Queries that leaves are looked through for by their codes, each with its tables and its list of the best scores. */
export class CodeQueries {
  private readonly score: (...parameters: number[]) => void;
  private readonly fillTables: (...parameters: number[]) => void;
  private readonly codebooks: Float32Array;
  /** Of a query with the codebooks' centres. */
  private readonly products: number;
  private readonly keptLanes: number;
  /** The next item. */
  private readonly told: Uint32Array;
  /** Bytes of a query's tables. */
  private readonly tableBytes: number;
  private room = 0;
  private roomBytes = 0;
  private places: Place[] = [];
  /** Scores that each list has room for. */
  private listed = 0;
  /** Rows to keep of a list. */
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
    this.tableBytes = (codebooks.length / BOOK) * CENTRES;
    const room = takeRoom(memory, 4 * codebooks.length + 4 * this.tableBytes + KEPT_LANES.length + 4);
    this.score = instantiate(codeKernel, memory);
    this.fillTables = instantiate(tableKernel, memory);
    this.codebooks = new Float32Array(memory.buffer, room, codebooks.length);
    this.codebooks.set(codebooks);
    this.products = room + this.codebooks.byteLength;
    this.keptLanes = this.products + 4 * this.tableBytes;
    new Uint8Array(memory.buffer, this.keptLanes).set(KEPT_LANES);
    this.told = new Uint32Array(memory.buffer, this.keptLanes + KEPT_LANES.length, 1);
  }

  /**
   * Makes room for queries from 0 on: for one at least, and for as many as fit the room.
   *
   * @param count Queries that room is wanted for.
   * @param wanted Rows to find for each at most.
   * @returns How many have room.
   */
  reserve(count: number, wanted: number): number {
    this.wanted = wanted;
    const length = (Math.max(2 * wanted, LIST) + this.largest + 4 + 3) & ~3;
    const fitting = Math.max(1, Math.min(count, Math.floor(ROOM / this.bytesOf(length))));
    if (fitting <= this.places.length && length <= this.listed) return fitting;
    this.listed = length;
    const bytes = this.bytesOf(length);
    if (fitting * bytes > this.roomBytes) {
      // Room is taken for good, so it doubles.
      this.roomBytes = 2 ** Math.ceil(Math.log2(fitting * bytes));
      this.room = takeRoom(this.memory, this.roomBytes);
    }
    this.places = Array.from({ length: fitting }, (_, i) => this.placeAt(this.room + i * bytes));
    return fitting;
  }

  addressOf(query: number): number {
    return this.room + query * this.bytesOf(this.listed);
  }

  /** The rows found so far for a query: their scores, and where they have their biases. */
  listOf(query: number): KeyList {
    return this.places[query].list;
  }

  /**
   * Empties a query's list and fills its tables.
   *
   * @param components In the memory, two a block.
   */
  begin(query: number, components: Float32Array): void {
    const { words, floats, list } = this.places[query];
    const start = components.byteOffset;
    const end = start + components.byteLength;
    const tables = this.addressOf(query) + QUERY_BYTES;
    this.fillTables(start, end, this.codebooks.byteOffset, this.products, tables, words.byteOffset);
    words[TABLES / 4] = tables;
    words[TABLES_END / 4] = tables + this.tableBytes;
    words[LIST_END / 4] = list.keys.byteOffset;
    words[LIST_FULL / 4] = list.keys.byteOffset + 4 * Math.max(2 * this.wanted, LIST);
    // What is infinite, as places without a row are, is not listed.
    floats[LIMIT / 4] = LARGEST;
  }

  /** Scores the rows of the first `count` items. @param leafTable As `codeKernel` wants it. */
  scan({ leaves, distances, queries }: CodeItems, count: number, leafTable: Uint32Array): void {
    const { told, room } = this;
    const bytes = this.bytesOf(this.listed);
    const toQuery = queries.byteOffset - leaves.byteOffset;
    const end = leaves.byteOffset + 4 * count;
    for (let next = leaves.byteOffset; next < end; next = told[0]) {
      this.score(
        next,
        end,
        distances.byteOffset - leaves.byteOffset,
        toQuery,
        leafTable.byteOffset,
        4 * this.listed,
        this.keptLanes,
        told.byteOffset,
      );
      const last = (told[0] - leaves.byteOffset) / 4 - 1;
      this.tighten((queries[last] - room) / bytes);
    }
  }

  /** Keeps the best of a query's list, and no more than are wanted. Returns how many they are. */
  keepBest(query: number): number {
    const { words, list } = this.places[query];
    const count = (words[LIST_END / 4] - list.keys.byteOffset) / 4;
    const kept = this.smallest.keep(list, count, this.wanted);
    words[LIST_END / 4] = list.keys.byteOffset + 4 * kept;
    return kept;
  }

  /** The same, and from now on lists nothing worse, where more were listed than are wanted. */
  tighten(query: number): void {
    const { words, floats, list } = this.places[query];
    if (words[LIST_END / 4] <= list.keys.byteOffset + 4 * this.wanted) return;
    floats[LIMIT / 4] = largestOf(list.keys, this.keepBest(query));
  }

  private bytesOf(length: number): number {
    return QUERY_BYTES + this.tableBytes + listBytes(length);
  }

  private placeAt(address: number): Place {
    return {
      words: new Uint32Array(this.memory.buffer, address, QUERY_BYTES / 4),
      floats: new Float32Array(this.memory.buffer, address, QUERY_BYTES / 4),
      list: listAt(this.memory, address + QUERY_BYTES + this.tableBytes, this.listed),
    };
  }
}
