import { loadArrays } from '../wasm/file-blocks.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { GROUP } from './code-kernel.ts';
import { type CodeMask, treeMask } from './code-mask.ts';
import { type CodeItems, CodeQueries } from './code-queries.ts';
import type { RowSet } from './row-set.ts';
import { SmallestKeys } from './smallest-keys.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf, groupBytes } from './tree-index.ts';
import { TreeLeaves } from './tree-leaves.ts';
import { type PlacedTree, placeInMemory } from './tree-memory.ts';
import { itemsIn, WaitingItems } from './waiting-items.ts';

/** Leaves that come first: their scores give a limit that few rows of the others are below. */
const FIRST_LEAVES = 8;

/** How many of them a query of many looks at alone, before the limit is set. */
const FIRST_TOGETHER = 3;

/** Leaves that many queries look at together at most, all in all. */
const ITEMS = 2 ** 15;

/** What a scan is to look for. */
export interface TreeSearch {
  /** Of the leaves to look at, as `TreeParameters` has it. */
  reach: number;
  /** Rows to find at most, `MAXIMUM_RERANK` or fewer. */
  wanted: number;
  /** None but these rows are found. In place of the leaves within reach, the nearest are looked at that hold `least` of them. */
  accept?: { rows: RowSet; least: number };
}

/** Looks queries' leaves through by their codes. A thread has one for each index that it searches. */
export class TreeScanner {
  private readonly memory: WebAssembly.Memory;
  private readonly placed: PlacedTree;
  private readonly smallest: SmallestKeys;
  private readonly leaves: TreeLeaves;
  private readonly queries: CodeQueries;
  /** For each leaf what `codeKernel` needs of it. */
  private readonly leafTable: Uint32Array;
  /** The leaves nearest to the last query. */
  private readonly nearest: CodeItems;
  private looked = 0;
  /** Present once many queries were asked. */
  private together: { items: CodeItems; waiting: WaitingItems } | undefined;
  /** Present once some rows were accepted and others not. */
  private mask: { of: CodeMask; leafTable: Uint32Array } | undefined;
  /** The biases that the last scan read. */
  private biases: Float32Array;

  constructor(private readonly index: TreeIndex) {
    const { vectors: _, ...arrays } = index;
    loadArrays(arrays);
    const { codes, biases, leafStarts, parameters } = index;
    this.placed = placeInMemory(codes, { biases });
    this.memory = this.placed.memory;
    this.biases = this.placed.biases;
    this.smallest = new SmallestKeys(this.memory);
    this.leaves = new TreeLeaves(this.memory, this.smallest, index);
    let largest = 0;
    for (let leaf = 0; leaf < parameters.leaves; leaf++) {
      largest = Math.max(largest, GROUP * (leafStarts[leaf + 1] - leafStarts[leaf]));
    }
    this.queries = new CodeQueries(this.memory, this.smallest, index.codebooks, largest);
    this.leafTable = this.takeWords(4 * parameters.leaves);
    const { keys, values } = this.leaves.list;
    this.nearest = { leaves: values, distances: keys, queries: this.takeWords(keys.length) };
    this.describeLeaves();
  }

  /** The row that stands at a place of those found. @param query Its place among those scanned together. */
  rowAt(place: number, query = 0): number {
    return this.index.leafRows[(this.queries.listOf(query).values[place] - this.biases.byteOffset) / 4];
  }

  /** Its score: |query - row|² less |query|², about. */
  scoreAt(place: number, query = 0): number {
    return this.queries.listOf(query).keys[place];
  }

  /** The reach that each leaf takes to be looked at for a query. */
  leafReaches(query: Float32Array): Float64Array {
    this.leaves.begin(query);
    return this.leaves.reaches();
  }

  /** The leaves that the last query looked at. */
  leavesOfLast(): Uint32Array {
    return this.nearest.leaves.subarray(0, this.looked);
  }

  /**
   * Looks for the rows of the best scores in the leaves nearest to a query, of equal scores those that come first in
   * the index.
   *
   * @returns How many were found.
   */
  scan(query: Float32Array, search: TreeSearch): number {
    this.queries.reserve(1, search.wanted);
    const leafTable = this.leafTableFor(search.accept?.rows);
    const count = this.begin(0, query, search, FIRST_LEAVES);
    this.queries.scan(this.nearest, count, leafTable);
    return this.queries.keepBest(0);
  }

  /**
   * The same for the first of many queries, as many as there is room for. After its nearest leaves a query has a limit;
   * the leaves that are left are looked at one after the other, each for all queries that want it.
   *
   * @param all queries × dimension, row-major.
   * @returns How many rows were found for each.
   */
  scanTogether(all: Float32Array, search: TreeSearch): number[] {
    const { dimension } = this.index;
    const room = this.queries.reserve(all.length / dimension, search.wanted);
    const leafTable = this.leafTableFor(search.accept?.rows);
    const { items, waiting } = this.makeTogether();
    waiting.length = 0;
    const { leaves } = this.index.parameters;
    let scanned = 0;
    while (scanned < room && waiting.length + leaves <= items.leaves.length) {
      const query = all.subarray(scanned * dimension, (scanned + 1) * dimension);
      const count = this.begin(scanned++, query, search, FIRST_TOGETHER);
      const first = Math.min(count, FIRST_TOGETHER);
      this.queries.scan(this.nearest, first, leafTable);
      for (let i = first; i < count; i++) waiting.push(this.nearest, i);
    }
    waiting.sortInto(items);
    this.queries.scan(items, waiting.length, leafTable);
    return Array.from({ length: scanned }, (_, i) => this.queries.keepBest(i));
  }

  /**
   * Finds a query's leaves, the nearest few first, and how many they are.
   *
   * @param place The query's among those scanned together.
   */
  private begin(place: number, query: Float32Array, { reach, accept }: TreeSearch, first: number): number {
    const { leaves, queries, nearest } = this;
    leaves.begin(query);
    const count = accept ? leaves.keepNearestAccepted(this.mask!.of, accept.least) : leaves.keepWithin(reach);
    this.smallest.putFirst(leaves.list, count, first);
    queries.begin(place, leaves.components);
    nearest.queries.fill(queries.addressOf(place), 0, count);
    this.looked = count;
    return count;
  }

  private leafTableFor(accept?: RowSet): Uint32Array {
    const mask = accept && this.maskOf(accept);
    this.biases = mask?.of.biases ?? this.placed.biases;
    return mask?.leafTable ?? this.leafTable;
  }

  /** The mask of a set, made with the first one. */
  private maskOf(accept: RowSet) {
    if (!this.mask) {
      const of = treeMask(this.index, this.placed.biases, this.memory);
      const leafTable = this.takeWords(this.leafTable.length);
      const apart = of.biases.byteOffset - this.placed.biases.byteOffset;
      leafTable.set(this.leafTable);
      for (let i = 2; i < leafTable.length; i += 4) leafTable[i] += apart;
      this.mask = { of, leafTable };
    }
    this.mask.of.accept(accept);
    return this.mask;
  }

  private makeTogether() {
    if (!this.together) {
      const { leaves } = this.index.parameters;
      const length = Math.max(ITEMS, leaves);
      this.together = { items: itemsIn(this.memory, length), waiting: new WaitingItems(length, leaves) };
    }
    return this.together;
  }

  private takeWords(length: number): Uint32Array {
    const room = takeRoom(this.memory, 4 * length);
    return new Uint32Array(this.memory.buffer, room, length);
  }

  private describeLeaves(): void {
    const { leafTable, placed, index } = this;
    const bytes = groupBytes(componentsOf(index));
    const described = new Float32Array(leafTable.buffer, leafTable.byteOffset, leafTable.length);
    for (let leaf = 0; leaf < index.parameters.leaves; leaf++) {
      const [start, end] = [index.leafStarts[leaf], index.leafStarts[leaf + 1]];
      leafTable[4 * leaf] = placed.codes.byteOffset + start * bytes;
      leafTable[4 * leaf + 1] = placed.codes.byteOffset + end * bytes;
      leafTable[4 * leaf + 2] = placed.biases.byteOffset + start * GROUP * 4;
      described[4 * leaf + 3] = this.leaves.norms[leaf];
    }
  }
}
