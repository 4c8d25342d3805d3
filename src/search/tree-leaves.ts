import { takeRoom } from '../wasm/shared-memory.ts';
import type { CodeMask } from './code-mask.ts';
import { inShorts, inTiles, ShortMatrix } from './short-matrix.ts';
import { type KeyList, listAt, type SmallestKeys } from './smallest-keys.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf } from './tree-index.ts';

/** The leaves that tell how far from all leaves a query is, the nearest of them and the farthest. */
const NEAR_LEAVES = 11;

/** A query counts as no nearer to these than so many times its squared length: less is the rounding to 16 bits. */
const NEAREST = 2 ** -12;

/** The least that is more than 0 in float32: what a query of zeros counts in. */
const LEAST = 2 ** -149;

/** By how much more leaves are looked at where too few accepted rows are in them. */
const GROWTH = 1.25;

/** Tells which leaves of a tree are nearest to a query. */
export class TreeLeaves {
  /** The query's. */
  readonly components: Float32Array;
  /** Distances and numbers of all leaves, or of those that were kept. */
  readonly list: KeyList;
  /** |centre|² of each leaf; 0 where rows are scored by their products. */
  readonly norms: Float32Array;
  private readonly query: Float32Array;
  private readonly rotation: ShortMatrix;
  private readonly centres: ShortMatrix;
  private readonly numbers: Uint32Array;
  /** For the leaves that are nearest. */
  private readonly near: KeyList;
  /** By how much the query's distances are less than squared ones, and what `reach` counts in. */
  private less = 0;
  private unit = 0;
  /** The distance of the nearest leaf. */
  private nearest = 0;
  /** Leaves with accepted rows. */
  private readonly held: { keys: Float32Array; values: Uint32Array };

  constructor(
    memory: WebAssembly.Memory,
    private readonly smallest: SmallestKeys,
    private readonly index: TreeIndex,
  ) {
    const m = componentsOf(index);
    const { leaves } = index.parameters;
    const stride = index.rotation.length / m;
    const length = inTiles(leaves);
    let room = takeRoom(memory, 4 * (inShorts(stride) + inTiles(m) + 4 * length));
    const take = (floats: number): Float32Array => {
      const view = new Float32Array(memory.buffer, room, floats);
      room += view.byteLength;
      return view;
    };
    this.query = take(inShorts(stride));
    this.components = take(inTiles(m)).subarray(0, m);
    this.rotation = new ShortMatrix(memory, index.rotation, stride, index.offsets, 1);
    this.list = listAt(memory, take(2 * length).byteOffset, length);
    this.near = listAt(memory, take(2 * length).byteOffset, length);
    this.norms = new Float32Array(leaves);
    for (let i = 0; i < leaves * m && !index.byProduct; i++) {
      this.norms[Math.floor(i / m)] += index.centres[i] * index.centres[i];
    }
    this.centres = new ShortMatrix(memory, index.centres, m, this.norms, -2);
    this.numbers = Uint32Array.from({ length }, (_, leaf) => leaf);
    this.held = { keys: new Float32Array(leaves), values: new Uint32Array(leaves) };
  }

  /** Finds a query's components, and its squared distances from the leaves' centres, less |query|². */
  begin(query: Float32Array): void {
    const { components, index, list } = this;
    this.query.set(query);
    this.rotation.multiply(this.query, components);
    const square = this.centres.multiply(components, list.keys) ** 2;
    this.less = square + (index.byProduct ? this.centres.longest ** 2 : 0);
  }

  /** Keeps the leaves within reach of the query, one at least. Returns how many they are. */
  keepWithin(reach: number): number {
    const { index, list, numbers, smallest } = this;
    this.findUnit();
    list.values.set(numbers);
    return smallest.keepWithin(
      list,
      index.parameters.leaves,
      Math.max(this.nearest, reach * this.unit - this.less),
    );
  }

  /** The reach that each leaf takes. */
  reaches(): Float64Array {
    const { list, less, index } = this;
    this.findUnit();
    return Float64Array.from(list.keys.subarray(0, index.parameters.leaves), (distance) =>
      distance === this.nearest ? 0 : Math.max(0, distance + less) / this.unit,
    );
  }

  /** Keeps the nearest leaves that hold accepted rows, as many as it takes to hold `least` of these. */
  keepNearestAccepted({ accepted }: CodeMask, least: number): number {
    const { held, index, list } = this;
    let count = 0;
    let rows = 0;
    for (let leaf = 0; leaf < index.parameters.leaves; leaf++) {
      if (accepted[leaf] === 0) continue;
      held.keys[count] = list.keys[leaf];
      held.values[count++] = leaf;
      rows += accepted[leaf];
    }
    for (let most = Math.ceil((least / rows) * count); ; most = Math.ceil(GROWTH * most)) {
      list.keys.set(held.keys.subarray(0, count));
      list.values.set(held.values.subarray(0, count));
      const kept = this.smallest.keep(list, count, most);
      let found = 0;
      for (let i = 0; i < kept; i++) found += accepted[list.values[i]];
      if (found >= least || kept === count) return kept;
    }
  }

  private findUnit(): void {
    const { near, list, less, index } = this;
    near.keys.set(list.keys);
    const count = this.smallest.keep(near, index.parameters.leaves, NEAR_LEAVES);
    let [nearest, farthest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < count; i++) {
      nearest = Math.min(nearest, near.keys[i]);
      farthest = Math.max(farthest, near.keys[i]);
    }
    this.nearest = nearest;
    this.unit = Math.max((nearest + farthest) / 2 + less, NEAREST * less, LEAST);
  }
}
