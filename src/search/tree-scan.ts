import { instantiate } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { bringForward, largestOf } from './bring-forward.ts';
import { codeKernel, GROUP } from './code-kernel.ts';
import { CodeTables } from './code-tables.ts';
import { dropTies } from './drop-ties.ts';
import { productKernel } from './product-kernel.ts';
import type { RowSet } from './row-set.ts';
import { selectKernel } from './select-kernel.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf, groupBytes } from './tree-index.ts';
import { TreeMask } from './tree-mask.ts';
import { placeInMemory } from './tree-memory.ts';

/** Leaves that come first: their scores give a limit that few rows of the others are below. */
const FIRST_LEAVES = 8;

/** Scores that are listed before the best of them are selected, at least. */
const LIST = 256;

/** Keys and what stands beside them, for `selectKernel`. */
interface List {
  keys: Float32Array;
  values: Uint32Array;
}

/** By how much more leaves are looked at where too few accepted rows are in them. */
const GROWTH = 1.25;

type Kernel = (...parameters: number[]) => void;

/** Looks a query's leaves through by their codes. A thread has one for each index that it searches. */
export class TreeScanner {
  /** The rows found: their scores, |query - row|² less |query|² about, and where they have their biases. */
  private found: List = { keys: new Float32Array(0), values: new Uint32Array(0) };
  /** For `putFirst`. */
  private copy: List = { keys: new Float32Array(0), values: new Uint32Array(0) };
  private readonly memory: WebAssembly.Memory;
  private readonly placed: ReturnType<typeof placeInMemory<'biases' | 'rotation' | 'centres'>>;
  private readonly multiply: Kernel;
  private readonly score: Kernel;
  private readonly select: Kernel;
  private readonly query: Float32Array;
  private readonly components: Float32Array;
  private readonly offsets: Float32Array;
  private readonly norms: Float32Array;
  /** All leaves' distances and numbers; then those of the leaves to look at. */
  private readonly leaves: List;
  private readonly leafNumbers: Uint32Array;
  /** For each leaf what `codeKernel` needs of it. */
  private readonly leafTable: Uint32Array;
  private readonly tables: CodeTables;
  /** Step, limit and base. */
  private readonly numbers: Float32Array;
  /** What kernels tell: an end, and the next leaf. */
  private readonly told: Uint32Array;
  private readonly largestLeaf: number;
  /** Present once some rows were accepted and others not. */
  private mask: { of: TreeMask; leafTable: Uint32Array } | undefined;
  /** The biases that the last scan read. */
  private biases: Float32Array;

  constructor(private readonly index: TreeIndex) {
    const { codes, biases, rotation, centres } = index;
    this.placed = placeInMemory(codes, { biases, rotation, centres });
    this.memory = this.placed.memory;
    this.biases = this.placed.biases;
    this.multiply = instantiate(productKernel, this.memory);
    this.score = instantiate(codeKernel, this.memory);
    this.select = instantiate(selectKernel, this.memory);
    this.tables = new CodeTables(this.memory, index.codebooks);
    const m = componentsOf(index);
    const { leaves } = index.parameters;
    const inFours = (leaves + 3) & ~3;
    const stride = index.rotation.length / m;
    const words = stride + 2 * m + 3 * inFours + 4 * leaves + 3 + 2;
    let room = takeRoom(this.memory, 4 * words);
    const { buffer } = this.memory;
    const take = (length: number): Float32Array => {
      const view = new Float32Array(buffer, room, length);
      room += view.byteLength;
      return view;
    };
    const takeWhole = (length: number) => new Uint32Array(buffer, take(length).byteOffset, length);
    this.query = take(stride);
    this.components = take(m);
    this.offsets = take(m);
    this.offsets.set(index.offsets);
    this.norms = take(inFours);
    this.leaves = { keys: take(inFours), values: takeWhole(inFours) };
    this.leafTable = takeWhole(4 * leaves);
    this.numbers = take(3);
    this.told = takeWhole(2);
    this.leafNumbers = Uint32Array.from({ length: inFours }, (_, leaf) => leaf);
    this.largestLeaf = this.describeLeaves(m);
  }

  /** The row that stands at a place of those found. */
  rowAt(place: number): number {
    return this.index.leafRows[(this.found.values[place] - this.biases.byteOffset) / 4];
  }

  scoreAt(place: number): number {
    return this.found.keys[place];
  }

  /** Squared distances from a query to the leaves' centres, less |query|²; a view that the next call writes anew. */
  leafDistances(query: Float32Array): Float32Array {
    const { norms, components, placed } = this;
    this.query.set(query);
    this.product(placed.rotation, this.query, this.offsets, components);
    for (let i = 0; i < components.length; i++) components[i] *= -2;
    this.product(placed.centres, components, norms, this.leaves.keys);
    return this.leaves.keys.subarray(0, this.index.parameters.leaves);
  }

  /**
   * Looks for the rows of the best scores in the leaves nearest to a query.
   *
   * @param searched Leaves to look at.
   * @param wanted Rows to find at most, `MAXIMUM_RERANK` or fewer.
   * @param accept None but these rows are found, and in place of leaves the accepted rows in them are counted:
   *   `searched` is then how many of these to look at, at least 1.
   * @returns How many were found.
   */
  scan(query: Float32Array, searched: number, wanted: number, accept?: RowSet): number {
    const { leaves, numbers, told } = this;
    const { tables } = this.tables;
    this.reserve(wanted);
    this.leafDistances(query);
    const mask = accept && this.maskOf(accept);
    const leafTable = mask?.leafTable ?? this.leafTable;
    this.biases = mask?.of.biases ?? this.placed.biases;
    const count = mask ? this.keepNearestAccepted(mask.of, searched) : this.keepNearest(searched);
    this.putFirst(leaves, count, FIRST_LEAVES);
    this.tables.fill(this.components, numbers);
    numbers[1] = Number.POSITIVE_INFINITY;
    const { keys, values } = this.found;
    const end = leaves.values.byteOffset + 4 * count;
    const full = Math.max(2 * wanted, LIST);
    let listed = 0;
    for (let next = leaves.values.byteOffset; next < end; next = told[1]) {
      this.score(
        next,
        end,
        leaves.keys.byteOffset - leaves.values.byteOffset,
        leafTable.byteOffset,
        tables.byteOffset,
        tables.byteOffset + tables.length,
        numbers.byteOffset,
        keys.byteOffset + 4 * listed,
        values.byteOffset - keys.byteOffset,
        keys.byteOffset + 4 * full,
        told.byteOffset,
      );
      listed = (told[0] - keys.byteOffset) / 4;
      if (listed < full) continue;
      listed = this.keepSmallest(this.found, listed, wanted);
      numbers[1] = largestOf(keys, listed);
    }
    return this.keepSmallest(this.found, listed, wanted);
  }

  /** Keeps the leaves nearest to the query. */
  private keepNearest(searched: number): number {
    this.leaves.values.set(this.leafNumbers);
    return this.keepSmallest(this.leaves, this.index.parameters.leaves, searched);
  }

  /** The same among the leaves that hold accepted rows; as many more as it takes to hold `least` of these. */
  private keepNearestAccepted({ accepted }: TreeMask, least: number): number {
    const { leaves, copy, index } = this;
    let held = 0;
    let rows = 0;
    for (let leaf = 0; leaf < index.parameters.leaves; leaf++) {
      if (accepted[leaf] === 0) continue;
      copy.keys[held] = leaves.keys[leaf];
      copy.values[held++] = leaf;
      rows += accepted[leaf];
    }
    for (let most = Math.ceil((least / rows) * held); ; most = Math.ceil(GROWTH * most)) {
      leaves.keys.set(copy.keys.subarray(0, held));
      leaves.values.set(copy.values.subarray(0, held));
      const count = this.keepSmallest(leaves, held, most);
      let found = 0;
      for (let i = 0; i < count; i++) found += accepted[leaves.values[i]];
      if (found >= least || count === held) return count;
    }
  }

  /** The mask of a set, made with the first one. */
  private maskOf(accept: RowSet) {
    if (!this.mask) {
      const of = new TreeMask(this.index, this.memory);
      const room = takeRoom(this.memory, this.leafTable.byteLength);
      const leafTable = new Uint32Array(this.memory.buffer, room, this.leafTable.length);
      const apart = of.biases.byteOffset - this.placed.biases.byteOffset;
      leafTable.set(this.leafTable);
      for (let i = 2; i < leafTable.length; i += 4) leafTable[i] += apart;
      this.mask = { of, leafTable };
    }
    this.mask.of.accept(accept);
    return this.mask;
  }

  /** Moves the `first` best of the rows found to the front. */
  bringForward(found: number, first: number): void {
    this.putFirst(this.found, found, first);
  }

  /** Moves the `wanted` smallest of the first `count` keys to the front, in no order. */
  private putFirst({ keys, values }: List, count: number, wanted: number): void {
    if (count <= wanted) return;
    // Of the best alone the kernel tells the limit; the others are wanted, too.
    const { keys: copied } = this.copy;
    copied.set(keys.subarray(0, count));
    const limit = largestOf(copied, this.keepSmallest(this.copy, count, wanted));
    bringForward(keys, values, count, wanted, limit);
  }

  /** Keeps the `wanted` smallest of the first `count` keys. Returns how many they are. */
  private keepSmallest({ keys, values }: List, count: number, wanted: number): number {
    if (count <= wanted) return count;
    for (let i = count; i % 4 !== 0; i++) keys[i] = Number.POSITIVE_INFINITY;
    const end = keys.byteOffset + 4 * ((count + 3) & ~3);
    this.select(keys.byteOffset, end, values.byteOffset, wanted, this.told.byteOffset);
    return dropTies(keys, values, this.told[0], wanted);
  }

  private product(matrix: Float32Array, vector: Float32Array, added: Float32Array, out: Float32Array): void {
    this.multiply(
      matrix.byteOffset,
      matrix.byteOffset + matrix.byteLength,
      vector.byteLength,
      vector.byteOffset,
      vector.byteOffset + vector.byteLength,
      added.byteOffset,
      out.byteOffset,
    );
  }

  /** Fills the table of the leaves and their norms in. Returns the places of the largest leaf. */
  private describeLeaves(m: number): number {
    const { leafTable, norms, placed, index } = this;
    const { centres, leafStarts, parameters, byProduct = false } = index;
    const described = new Float32Array(leafTable.buffer, leafTable.byteOffset, leafTable.length);
    let largest = 0;
    for (let leaf = 0; leaf < parameters.leaves; leaf++) {
      const [start, end] = [leafStarts[leaf], leafStarts[leaf + 1]];
      largest = Math.max(largest, end - start);
      for (let i = leaf * m; i < (leaf + 1) * m && !byProduct; i++) norms[leaf] += centres[i] * centres[i];
      leafTable[4 * leaf] = placed.codes.byteOffset + start * groupBytes(m);
      leafTable[4 * leaf + 1] = placed.codes.byteOffset + end * groupBytes(m);
      leafTable[4 * leaf + 2] = placed.biases.byteOffset + start * GROUP * 4;
      described[4 * leaf + 3] = norms[leaf];
    }
    return largest * GROUP;
  }

  /** Makes room for the lists: a leaf may come on top of a list that is not quite full. */
  private reserve(wanted: number): void {
    if (this.copy.keys.length - 4 >= Math.max(wanted, this.leaves.keys.length)) return;
    // Room is taken for good, so it doubles. Four more, for the last four keys to be filled up.
    const copied = Math.max(2 ** Math.ceil(Math.log2(wanted)), this.leaves.keys.length) + 4;
    const listed = (Math.max(2 * copied, LIST) + this.largestLeaf + 4) & ~3;
    let room = takeRoom(this.memory, 8 * (listed + copied));
    const take = (length: number): List => {
      const keys = new Float32Array(this.memory.buffer, room, length);
      const values = new Uint32Array(this.memory.buffer, room + 4 * length, length);
      room += 8 * length;
      return { keys, values };
    };
    this.found = take(listed);
    this.copy = take(copied);
  }
}
