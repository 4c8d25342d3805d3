import { takeRoom } from '../wasm/shared-memory.ts';
import type { CodeMask } from './code-mask.ts';
import { inShorts, inTiles, ShortMatrix } from './short-matrix.ts';
import type { KeyList, SmallestKeys } from './smallest-keys.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf } from './tree-index.ts';

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
    let room = takeRoom(memory, 4 * (inShorts(stride) + inTiles(m) + 2 * length));
    const take = (floats: number): Float32Array => {
      const view = new Float32Array(memory.buffer, room, floats);
      room += view.byteLength;
      return view;
    };
    this.query = take(inShorts(stride));
    this.components = take(inTiles(m)).subarray(0, m);
    this.rotation = new ShortMatrix(memory, index.rotation, stride, index.offsets, 1);
    const [keys, { byteOffset }] = [take(length), take(length)];
    this.list = { keys, values: new Uint32Array(memory.buffer, byteOffset, length) };
    this.norms = new Float32Array(leaves);
    for (let i = 0; i < leaves * m && !index.byProduct; i++) {
      this.norms[Math.floor(i / m)] += index.centres[i] * index.centres[i];
    }
    this.centres = new ShortMatrix(memory, index.centres, m, this.norms, -2);
    this.numbers = Uint32Array.from({ length }, (_, leaf) => leaf);
    this.held = { keys: new Float32Array(leaves), values: new Uint32Array(leaves) };
  }

  /** Squared distances from a query to the leaves' centres, less |query|²; a view that the next call writes anew. */
  distancesFrom(query: Float32Array): Float32Array {
    const { components, list } = this;
    this.query.set(query);
    this.rotation.multiply(this.query, components);
    this.centres.multiply(components, list.keys);
    return list.keys.subarray(0, this.index.parameters.leaves);
  }

  /** Keeps the leaves nearest to the query. Returns how many they are. */
  keepNearest(searched: number): number {
    const { list } = this;
    list.values.set(this.numbers);
    return this.smallest.keep(list, this.index.parameters.leaves, searched);
  }

  /** The same among the leaves that hold accepted rows; as many more as it takes to hold `least` of these. */
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
}
