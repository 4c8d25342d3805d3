import { instantiate } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { bringForward, largestOf } from './bring-forward.ts';
import { codeKernel, GROUP } from './code-kernel.ts';
import { CodeTables } from './code-tables.ts';
import { dropTies } from './drop-ties.ts';
import type { LshIndex } from './lsh-index.ts';
import { bucketKeyOf } from './lsh-index.ts';
import { NO_MORE, Probes } from './lsh-probes.ts';
import { Projector } from './projector.ts';
import { selectKernel } from './select-kernel.ts';
import { componentsOf, groupBytes } from './tree-index.ts';
import { placeInMemory } from './tree-memory.ts';

/** Stretches of codes that the kernel gets at once. */
const STRETCHES = 512;

/** Groups of a stretch at most. */
const STRETCH = 32;

/** Scores that are listed before the best of them are selected, at least. */
const LIST = 256;

type Kernel = (...parameters: number[]) => void;

/** Looks the buckets near a query through by the codes of their rows. A thread has one for each index that it searches. */
export class LshScanner {
  readonly probes: Probes;
  /** Places that the last scan looked at. */
  scored = 0;
  private readonly memory: WebAssembly.Memory;
  private readonly codes: Uint8Array;
  private readonly biases: Float32Array;
  private readonly projector: Projector;
  private readonly score: Kernel;
  private readonly select: Kernel;
  /** Numbers from 0 on, and as many distances of 0: to `codeKernel` a stretch is a leaf in the query's own place. */
  private readonly numbers: Uint32Array;
  /** For each stretch what `codeKernel` needs of it. */
  private readonly stretches: Uint32Array;
  private readonly tables: CodeTables;
  /** Step, limit and base. */
  private readonly settings: Float32Array;
  /** What kernels tell: an end, and the next stretch. */
  private readonly told: Uint32Array;
  /** The number of the last query that saw a group of 32 places. */
  private readonly seen: Uint32Array;
  private query = 0;
  /** The places found: their scores, |query - row|² less |query|² about, and where they have their biases. */
  private keys: Float32Array = new Float32Array(0);
  private values: Uint32Array = new Uint32Array(0);
  private listed = 0;

  constructor(private readonly index: LshIndex) {
    const { dimension, rotation, offsets, directions, shifts, codebooks } = index;
    const placed = placeInMemory(index.codes, { biases: index.biases });
    this.memory = placed.memory;
    this.codes = placed.codes;
    this.biases = placed.biases;
    this.projector = new Projector(this.memory, dimension, [rotation, directions], [offsets, shifts]);
    this.score = instantiate(codeKernel, this.memory);
    this.select = instantiate(selectKernel, this.memory);
    this.tables = new CodeTables(this.memory, codebooks);
    let room = takeRoom(this.memory, 4 * (6 * STRETCHES + 5));
    const take = (length: number): Uint32Array => {
      const view = new Uint32Array(this.memory.buffer, room, length);
      room += view.byteLength;
      return view;
    };
    this.numbers = take(2 * STRETCHES);
    for (let i = 0; i < STRETCHES; i++) this.numbers[i] = i;
    this.stretches = take(4 * STRETCHES);
    this.settings = new Float32Array(this.memory.buffer, take(3).byteOffset, 3);
    this.told = take(2);
    this.seen = new Uint32Array(this.biases.length / GROUP);
    this.probes = new Probes(index);
  }

  /** The row that stands at a place of those found. */
  rowAt(place: number): number {
    return this.index.bucketRows[(this.values[place] - this.biases.byteOffset) / 4];
  }

  scoreAt(place: number): number {
    return this.keys[place];
  }

  /** The bucket of a vector in each table; -1 where there is none. */
  bucketsOf(vector: Float32Array): number[] {
    const { index, projector, probes } = this;
    const shifted = projector.project(vector).subarray(componentsOf(index));
    return Array.from({ length: index.parameters.numHashTables }, (_, table) =>
      probes.lookUp(table, bucketKeyOf(index, table, shifted)),
    );
  }

  /** Moves places of the best scores, so many of them, to the front of those found. */
  bringForward(found: number, first: number): void {
    const { keys, values } = this;
    if (found <= first) return;
    const limit = keys.slice(0, found).sort()[first - 1];
    bringForward(keys, values, found, first, limit);
  }

  /** Makes `this.probes` give the buckets of a query from the first on. Returns the query's components. */
  begin(query: Float32Array): Float32Array {
    const m = componentsOf(this.index);
    const products = this.projector.project(query);
    this.probes.begin(products.subarray(m));
    return products.subarray(0, m);
  }

  /**
   * Looks for the places of the best scores in the first buckets of a query. A row may have places in several tables.
   *
   * @param probed Buckets to look up.
   * @param wanted Places to find at most.
   * @returns How many were found, in no order.
   */
  scan(query: Float32Array, probed: number, wanted: number): number {
    const components = this.begin(query);
    for (let i = 0; i < components.length; i++) components[i] *= -2;
    this.tables.fill(components, this.settings);
    this.settings[1] = Number.POSITIVE_INFINITY;
    this.reserve(wanted);
    this.listed = 0;
    this.scored = 0;
    this.nextQuery();
    let stretches = 0;
    const { bucketStarts } = this.index;
    for (let i = 0; i < probed; i++) {
      const bucket = this.probes.next();
      if (bucket === NO_MORE) break;
      if (bucket < 0) continue;
      // Groups at the ends of a bucket hold rows of others as well: all are looked at, and no group twice.
      const end = Math.ceil(bucketStarts[bucket + 1] / GROUP);
      for (let group = Math.floor(bucketStarts[bucket] / GROUP); group < end; ) {
        const from = group;
        const most = Math.min(end, from + STRETCH);
        while (group < most && this.seen[group] !== this.query) this.seen[group++] = this.query;
        if (group === from) group++;
        else this.describe(stretches++, from, group);
        if (stretches < STRETCHES) continue;
        this.scoreStretches(stretches, wanted);
        stretches = 0;
      }
    }
    this.scoreStretches(stretches, wanted);
    return this.keepSmallest(wanted);
  }

  private nextQuery(): void {
    if (this.query === 0xffffffff) {
      this.seen.fill(0);
      this.query = 0;
    }
    this.query++;
  }

  private describe(stretch: number, from: number, to: number): void {
    this.scored += (to - from) * GROUP;
    const bytes = groupBytes(componentsOf(this.index));
    this.stretches[4 * stretch] = this.codes.byteOffset + from * bytes;
    this.stretches[4 * stretch + 1] = this.codes.byteOffset + to * bytes;
    this.stretches[4 * stretch + 2] = this.biases.byteOffset + from * GROUP * 4;
  }

  private scoreStretches(count: number, wanted: number): void {
    const { numbers, stretches, settings, keys, values, told } = this;
    const { tables } = this.tables;
    const end = numbers.byteOffset + 4 * count;
    const full = Math.max(2 * wanted, LIST);
    for (let next = numbers.byteOffset; next < end; next = told[1]) {
      this.score(
        next,
        end,
        4 * STRETCHES,
        stretches.byteOffset,
        tables.byteOffset,
        tables.byteOffset + tables.length,
        settings.byteOffset,
        keys.byteOffset + 4 * this.listed,
        values.byteOffset - keys.byteOffset,
        keys.byteOffset + 4 * full,
        told.byteOffset,
      );
      this.listed = (told[0] - keys.byteOffset) / 4;
      if (this.listed < full) continue;
      this.keepSmallest(wanted);
      settings[1] = largestOf(keys, this.listed);
    }
  }

  /** Keeps the best scores of the list, and returns how many they are. */
  private keepSmallest(wanted: number): number {
    const { keys, values, listed } = this;
    if (listed <= wanted) return listed;
    const filled = (listed + 3) & ~3;
    keys.fill(Number.POSITIVE_INFINITY, listed, filled);
    this.select(
      keys.byteOffset,
      keys.byteOffset + 4 * filled,
      values.byteOffset,
      wanted,
      this.told.byteOffset,
    );
    this.listed = dropTies(keys, values, this.told[0], wanted);
    return this.listed;
  }

  /** Makes room for the list, which the last stretch may pass the end of. */
  private reserve(wanted: number): void {
    const length = Math.max(2 * wanted, LIST) + STRETCH * GROUP + 4;
    if (this.keys.length >= length) return;
    // Room is taken for good, so it doubles.
    const taken = 2 ** Math.ceil(Math.log2(length));
    const room = takeRoom(this.memory, 8 * taken);
    this.keys = new Float32Array(this.memory.buffer, room, taken);
    this.values = new Uint32Array(this.memory.buffer, room + 4 * taken, taken);
  }
}
