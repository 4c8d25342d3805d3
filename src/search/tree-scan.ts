import { loadArrays } from '../wasm/file-blocks.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { GROUP } from './code-kernel.ts';
import { type CodeMask, treeMask } from './code-mask.ts';
import { type PlacedCodes, placeInMemory } from './code-memory.ts';
import { CodeSearch } from './code-search.ts';
import type { RowSet } from './row-set.ts';
import { SmallestKeys } from './smallest-keys.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf, groupBytes } from './tree-index.ts';
import { TreeLeaves } from './tree-leaves.ts';

/** Leaves that come first: their scores give a limit that few rows of the others are below. */
const FIRST_LEAVES = 8;

/** What a scan is to look for. */
export interface TreeSearch {
  /** Of the leaves to look at, as `TreeParameters` has it. */
  reach: number;
  /** Rows to find at most, `MAXIMUM_RERANK` or fewer. */
  wanted: number;
  /** None but these rows are found. In place of the leaves within reach, the nearest are looked at that hold `least` of them. */
  accept?: { rows: RowSet; least: number };
}

const scanners = new WeakMap<TreeIndex, TreeScanner>();

/** A thread's own for an index: the room that a scanner takes is taken for good. */
export function treeScannerOf(index: TreeIndex): TreeScanner {
  let scanner = scanners.get(index);
  if (!scanner) {
    scanner = new TreeScanner(index);
    scanners.set(index, scanner);
  }
  return scanner;
}

/** Looks a query's leaves through by their codes. A thread has one for each index that it searches. */
export class TreeScanner {
  private readonly memory: WebAssembly.Memory;
  private readonly placed: PlacedCodes;
  private readonly smallest: SmallestKeys;
  private readonly leaves: TreeLeaves;
  private readonly codes: CodeSearch;
  /** For each leaf what `codeKernel` needs of it. */
  private readonly leafTable: Uint32Array;
  /** Leaves that the last query looked at. */
  private looked = 0;
  /** Present once some rows were accepted and others not. */
  private mask: { of: CodeMask; leafTable: Uint32Array } | undefined;
  /** The biases that the last scan read. */
  private biases: Float32Array;

  constructor(private readonly index: TreeIndex) {
    const { vectors: _, ...arrays } = index;
    loadArrays(arrays);
    const { codes, biases, leafStarts, parameters } = index;
    this.placed = placeInMemory(codes, biases);
    this.memory = this.placed.memory;
    this.biases = this.placed.biases;
    this.smallest = new SmallestKeys(this.memory);
    this.leaves = new TreeLeaves(this.memory, this.smallest, index);
    let largest = 0;
    for (let leaf = 0; leaf < parameters.leaves; leaf++) {
      largest = Math.max(largest, GROUP * (leafStarts[leaf + 1] - leafStarts[leaf]));
    }
    this.codes = new CodeSearch(this.memory, this.smallest, index.codebooks, largest);
    this.leafTable = this.takeWords(4 * parameters.leaves);
    this.describeLeaves();
  }

  /** The row that stands at a place of those found. */
  rowAt(place: number): number {
    return this.index.leafRows[(this.codes.list.values[place] - this.biases.byteOffset) / 4];
  }

  /** Its score: |query - row|² less |query|², about. */
  scoreAt(place: number): number {
    return this.codes.list.keys[place];
  }

  /** The reach that each leaf takes to be looked at for a query. */
  leafReaches(query: Float32Array): Float64Array {
    this.leaves.begin(query);
    return this.leaves.reaches();
  }

  /** How many leaves the last query looked at, and how many places are in them. */
  lookedAt(): { leaves: number; places: number } {
    const { leafStarts } = this.index;
    let groups = 0;
    for (const leaf of this.leaves.list.values.subarray(0, this.looked)) {
      groups += leafStarts[leaf + 1] - leafStarts[leaf];
    }
    return { leaves: this.looked, places: groups * GROUP };
  }

  /**
   * Looks for the rows of the best scores in the leaves nearest to a query, of equal scores those that come first in
   * the index.
   *
   * @returns How many were found.
   */
  scan(query: Float32Array, { reach, wanted, accept }: TreeSearch): number {
    const { leaves, codes } = this;
    const leafTable = this.leafTableFor(accept?.rows);
    leaves.begin(query);
    this.looked = accept ? leaves.keepNearestAccepted(this.mask!.of, accept.least) : leaves.keepWithin(reach);
    this.smallest.putFirst(leaves.list, this.looked, FIRST_LEAVES);
    codes.begin(leaves.components, wanted);
    codes.scan(leaves.list, this.looked, leafTable);
    return codes.keepBest();
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
