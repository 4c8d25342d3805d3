import { takeRoom } from '../wasm/shared-memory.ts';
import type { CodeItems } from './code-queries.ts';

/** Room for so many items in a memory. */
export function itemsIn(memory: WebAssembly.Memory, length: number): CodeItems {
  const room = takeRoom(memory, 12 * length);
  return {
    leaves: new Uint32Array(memory.buffer, room, length),
    distances: new Float32Array(memory.buffer, room + 4 * length, length),
    queries: new Uint32Array(memory.buffer, room + 8 * length, length),
  };
}

/** Items in the order that they come in, to be sorted by their leaves. */
export class WaitingItems {
  length = 0;
  private readonly items: CodeItems;
  /** By leaf: how many items are before it. */
  private readonly starts: Uint32Array;

  /** @param most Items at most. */
  constructor(most: number, leaves: number) {
    this.items = {
      leaves: new Uint32Array(most),
      distances: new Float32Array(most),
      queries: new Uint32Array(most),
    };
    this.starts = new Uint32Array(leaves + 1);
  }

  push({ leaves, distances, queries }: CodeItems, place: number): void {
    const { items } = this;
    items.leaves[this.length] = leaves[place];
    items.distances[this.length] = distances[place];
    items.queries[this.length++] = queries[place];
  }

  /** Writes them in the order of their leaves, those of a leaf in the order that they came in. */
  sortInto({ leaves, distances, queries }: CodeItems): void {
    const { items, starts, length } = this;
    starts.fill(0);
    for (let i = 0; i < length; i++) starts[items.leaves[i] + 1]++;
    for (let leaf = 1; leaf < starts.length; leaf++) starts[leaf] += starts[leaf - 1];
    for (let i = 0; i < length; i++) {
      const place = starts[items.leaves[i]]++;
      leaves[place] = items.leaves[i];
      distances[place] = items.distances[i];
      queries[place] = items.queries[i];
    }
  }
}
