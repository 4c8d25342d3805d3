import { instantiate } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import type { CodeMask } from './code-mask.ts';
import { productKernel, productPairKernel } from './product-kernel.ts';
import type { KeyList, SmallestKeys } from './smallest-keys.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf } from './tree-index.ts';
import type { PlacedTree } from './tree-memory.ts';

type Kernel = (...parameters: number[]) => void;

/** By how much more leaves are looked at where too few accepted rows are in them. */
const GROWTH = 1.25;

/** A query's part of the room. */
interface Place {
  query: Float32Array;
  /** Times -2. */
  components: Float32Array;
  /** Distances and numbers of all leaves, or of those that were kept. */
  list: KeyList;
}

/** Tells which leaves of a tree are nearest to a query, for one query or two of them at a time. */
export class TreeLeaves {
  readonly places: [Place, Place];
  /** |centre|² of each leaf; 0 where rows are scored by their products. */
  readonly norms: Float32Array;
  private readonly multiply: Kernel;
  private readonly multiplyTwo: Kernel;
  private readonly offsets: Float32Array;
  private readonly numbers: Uint32Array;
  /** Leaves with accepted rows. */
  private readonly held: { keys: Float32Array; values: Uint32Array };

  constructor(
    memory: WebAssembly.Memory,
    private readonly smallest: SmallestKeys,
    private readonly index: TreeIndex,
    private readonly placed: PlacedTree,
  ) {
    const m = componentsOf(index);
    const { leaves } = index.parameters;
    const inFours = (leaves + 3) & ~3;
    const stride = index.rotation.length / m;
    let room = takeRoom(memory, 4 * (2 * stride + 3 * m + 5 * inFours));
    const take = (length: number): Float32Array => {
      const view = new Float32Array(memory.buffer, room, length);
      room += view.byteLength;
      return view;
    };
    const takeTwo = (length: number) => [take(length), take(length)];
    this.multiply = instantiate(productKernel, memory);
    this.multiplyTwo = instantiate(productPairKernel, memory);
    const [queries, components] = [takeTwo(stride), takeTwo(m)];
    const [keys, values] = [takeTwo(inFours), takeTwo(inFours)];
    const placeAt = (i: number): Place => ({
      query: queries[i],
      components: components[i],
      list: { keys: keys[i], values: new Uint32Array(memory.buffer, values[i].byteOffset, inFours) },
    });
    this.places = [placeAt(0), placeAt(1)];
    this.offsets = take(m);
    this.offsets.set(index.offsets);
    this.norms = take(inFours);
    for (let i = 0; i < leaves * m && !index.byProduct; i++) {
      this.norms[Math.floor(i / m)] += index.centres[i] * index.centres[i];
    }
    this.numbers = Uint32Array.from({ length: inFours }, (_, leaf) => leaf);
    this.held = { keys: new Float32Array(leaves), values: new Uint32Array(leaves) };
  }

  /**
   * Squared distances from a query to the leaves' centres, less |query|²; a view that the next call writes anew.
   *
   * @param second Goes to the second place, and its distances are computed along with the first one's.
   */
  distancesFrom(query: Float32Array, second?: Float32Array): Float32Array {
    const { norms, placed, places, offsets } = this;
    const [first, other] = places;
    first.query.set(query);
    if (second) other.query.set(second);
    const multiply = second ? this.multiplyTwo : this.multiply;
    product(multiply, placed.rotation, first.query, offsets, first.components, other.components);
    timesMinusTwo(first.components);
    if (second) timesMinusTwo(other.components);
    product(multiply, placed.centres, first.components, norms, first.list.keys, other.list.keys);
    return first.list.keys.subarray(0, this.index.parameters.leaves);
  }

  /** Keeps the leaves nearest to a query. Returns how many they are. @param place The query's. */
  keepNearest(place: number, searched: number): number {
    const { list } = this.places[place];
    list.values.set(this.numbers);
    return this.smallest.keep(list, this.index.parameters.leaves, searched);
  }

  /** The same among the leaves that hold accepted rows; as many more as it takes to hold `least` of these. */
  keepNearestAccepted(place: number, { accepted }: CodeMask, least: number): number {
    const { held, index } = this;
    const { list } = this.places[place];
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

/** @param second Where the sums of the second vector go, if the kernel is of two. */
function product(
  multiply: Kernel,
  matrix: Float32Array,
  vector: Float32Array,
  added: Float32Array,
  out: Float32Array,
  second: Float32Array,
): void {
  multiply(
    matrix.byteOffset,
    matrix.byteOffset + matrix.byteLength,
    vector.byteLength,
    vector.byteOffset,
    vector.byteOffset + vector.byteLength,
    added.byteOffset,
    out.byteOffset,
    second.byteOffset - out.byteOffset,
  );
}

function timesMinusTwo(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] *= -2;
}
