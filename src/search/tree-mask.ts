import { takeRoom } from '../wasm/shared-memory.ts';
import { GROUP } from './code-kernel.ts';
import type { RowSet } from './row-set.ts';
import type { TreeIndex } from './tree-index.ts';

/**
 * A tree's biases with infinity for the rows that are not accepted, so that the kernel lists none of them. They follow
 * the set that was last asked for, and change only where it does: one filter for many queries costs nothing, and a few
 * other rows cost little.
 */
export class TreeMask {
  /** R: in the kernel's memory. */
  readonly biases: Float32Array;
  /** By leaf, how many of its rows are accepted. */
  readonly accepted: Uint32Array;
  private readonly words: Uint32Array;
  private readonly placeOf: Uint32Array;
  private readonly leafOfGroup: Uint32Array;

  constructor(
    private readonly index: TreeIndex,
    memory: WebAssembly.Memory,
  ) {
    const { biases, leafRows, leafStarts, parameters, vectors, dimension } = index;
    const rows = vectors.length / dimension;
    const room = takeRoom(memory, biases.byteLength);
    this.biases = new Float32Array(memory.buffer, room, biases.length).fill(Number.POSITIVE_INFINITY);
    this.accepted = new Uint32Array(parameters.leaves);
    this.words = new Uint32Array(Math.ceil(rows / 32));
    this.placeOf = new Uint32Array(rows);
    this.leafOfGroup = new Uint32Array(biases.length / GROUP);
    for (let leaf = 0; leaf < parameters.leaves; leaf++) {
      const [start, end] = [leafStarts[leaf], leafStarts[leaf + 1]];
      this.leafOfGroup.fill(leaf, start, end);
      for (let place = start * GROUP; place < end * GROUP; place++) {
        // Rows ascend within a leaf; where there is none stands 0.
        const isRow = place === start * GROUP || leafRows[place] > leafRows[place - 1];
        if (isRow) this.placeOf[leafRows[place]] = place;
      }
    }
  }

  /** Lets the rows of a set through, and no others. */
  accept(set: RowSet): void {
    const { words, biases, accepted, placeOf, leafOfGroup, index } = this;
    for (let word = 0; word < words.length; word++) {
      const wanted = set.words[word];
      for (let bits = words[word] ^ wanted; bits !== 0; bits &= bits - 1) {
        const bit = bits & -bits;
        const place = placeOf[32 * word + 31 - Math.clz32(bit)];
        const isIn = (wanted & bit) !== 0;
        biases[place] = isIn ? index.biases[place] : Number.POSITIVE_INFINITY;
        accepted[leafOfGroup[place >>> 5]] += isIn ? 1 : -1;
      }
      words[word] = wanted;
    }
  }
}
