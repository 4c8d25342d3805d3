import { loadArrays } from '../wasm/file-blocks.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { GROUP } from './code-kernel.ts';
import { type CodeMask, lshMask, WIDER } from './code-mask.ts';
import { placeInMemory } from './code-memory.ts';
import { CodeSearch } from './code-search.ts';
import type { LshIndex } from './lsh-index.ts';
import { bucketKeyOf } from './lsh-index.ts';
import { NO_MORE, Probes } from './lsh-probes.ts';
import { Projector } from './projector.ts';
import type { RowSet } from './row-set.ts';
import { type KeyList, listAt, SmallestKeys } from './smallest-keys.ts';
import { componentsOf, groupBytes } from './tree-index.ts';

/** Stretches of codes that the kernel gets at once. */
const STRETCHES = 512;

/** Groups of a stretch at most. */
const STRETCH = 32;

/** Looks the buckets near a query through by the codes of their rows. A thread has one for each index that it searches. */
export class LshScanner {
  readonly probes: Probes;
  /** Places that the last scan looked at. */
  scored = 0;
  private readonly memory: WebAssembly.Memory;
  private readonly codes: Uint8Array;
  /** Those of the last query: the index's, or the mask's. */
  private biases: Float32Array;
  private readonly placedBiases: Float32Array;
  /** Present once some rows were accepted and others not. */
  private mask: CodeMask | undefined;
  private readonly projector: Projector;
  private readonly smallest: SmallestKeys;
  private readonly search: CodeSearch;
  /** To `codeKernel` a stretch is a leaf in the query's own place. */
  private readonly leaves: KeyList;
  /** For each stretch what `codeKernel` needs of it. */
  private readonly stretches: Uint32Array;
  /** The number of the last query that saw a group of 32 places. */
  private readonly seen: Uint32Array;
  private query = 0;
  /** The last query's. */
  private components: Float32Array = new Float32Array(0);
  private buckets: number[] = [];

  constructor(private readonly index: LshIndex) {
    const { vectors: _, ...arrays } = index;
    loadArrays(arrays);
    const { dimension, rotation, offsets, directions, shifts, codebooks } = index;
    const { memory, codes, biases } = placeInMemory(index.codes, index.biases);
    this.codes = codes;
    this.memory = memory;
    this.biases = biases;
    this.placedBiases = biases;
    this.projector = new Projector(memory, dimension, [rotation, directions], [offsets, shifts]);
    this.smallest = new SmallestKeys(memory);
    this.search = new CodeSearch(memory, this.smallest, codebooks, STRETCH * GROUP);
    const room = takeRoom(memory, 24 * STRETCHES);
    this.stretches = new Uint32Array(memory.buffer, room, 4 * STRETCHES);
    this.leaves = listAt(memory, room + 16 * STRETCHES, STRETCHES);
    this.leaves.values.set(Array.from(this.leaves.values, (_, i) => i));
    this.seen = new Uint32Array(this.biases.length / GROUP);
    this.probes = new Probes(index);
  }

  /** The row that stands at a place of those found. */
  rowAt(place: number): number {
    return this.index.bucketRows[(this.search.list.values[place] - this.biases.byteOffset) / 4];
  }

  scoreAt(place: number): number {
    return this.search.list.keys[place];
  }

  /** The bucket of a vector in each table; -1 where there is none. */
  bucketsOf(vector: Float32Array): number[] {
    const { index, projector, probes } = this;
    const shifted = projector.project(vector).subarray(componentsOf(index));
    return Array.from({ length: index.parameters.numHashTables }, (_, table) =>
      probes.lookUp(table, bucketKeyOf(index, table, shifted)),
    );
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
    this.choose(query, probed);
    return this.scoreChosen(wanted);
  }

  /**
   * Looks a query's buckets up, for `scoreChosen` to look them through.
   *
   * @param accept None but these rows. Buckets without any are passed over, and more are looked up, until they hold
   *   `WIDER` times as many accepted rows as the first `probed` hold rows.
   * @param most Buckets to look up at most where only some rows are accepted.
   * @returns How many places the buckets have; infinitely many where `most` are not enough.
   */
  choose(query: Float32Array, probed: number, accept?: RowSet, most = Number.POSITIVE_INFINITY): number {
    const { bucketStarts, parameters } = this.index;
    const mask = accept && this.maskOf(accept);
    this.biases = mask?.biases ?? this.placedBiases;
    this.components = this.begin(query);
    this.buckets = [];
    const all = (accept?.count ?? 0) * parameters.numHashTables;
    let [first, accepted, places] = [0, 0, 0];
    for (let i = 0; i < probed || (mask && accepted < Math.min(all, WIDER * first)); i++) {
      const bucket = this.probes.next();
      if (bucket === NO_MORE) break;
      if (mask && i >= most) return Number.POSITIVE_INFINITY;
      if (bucket < 0) continue;
      const size = bucketStarts[bucket + 1] - bucketStarts[bucket];
      if (i < probed) first += size;
      if (mask?.accepted[bucket] === 0) continue;
      accepted += mask?.accepted[bucket] ?? 0;
      places += size;
      this.buckets.push(bucket);
    }
    return places;
  }

  /** As `scan`, in the buckets chosen. */
  scoreChosen(wanted: number): number {
    const { components } = this;
    this.search.begin(components, wanted);
    this.scored = 0;
    this.nextQuery();
    let stretches = 0;
    const { bucketStarts } = this.index;
    for (const bucket of this.buckets) {
      // Groups at the ends of a bucket hold rows of others as well: all are looked at, and no group twice.
      const end = Math.ceil(bucketStarts[bucket + 1] / GROUP);
      for (let group = Math.floor(bucketStarts[bucket] / GROUP); group < end; ) {
        const from = group;
        const most = Math.min(end, from + STRETCH);
        while (group < most && this.seen[group] !== this.query) this.seen[group++] = this.query;
        if (group === from) group++;
        else this.describe(stretches++, from, group);
        if (stretches < STRETCHES) continue;
        this.search.scan(this.leaves, stretches, this.stretches);
        stretches = 0;
      }
    }
    this.search.scan(this.leaves, stretches, this.stretches);
    return this.search.keepBest();
  }

  private maskOf(accept: RowSet): CodeMask {
    this.mask ??= lshMask(this.index, this.placedBiases, this.memory);
    this.mask.accept(accept);
    return this.mask;
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
}
