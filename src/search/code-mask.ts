import { takeRoom } from '../wasm/shared-memory.ts';
import { GROUP } from './code-kernel.ts';
import type { LshIndex } from './lsh-index.ts';
import type { RowSet } from './row-set.ts';
import type { TreeIndex } from './tree-index.ts';

/** How many times as many accepted rows a query looks at as it looks at of all: they may lie farther away. */
export const WIDER = 2;

/** Where the rows of an index have their codes. */
interface Places {
  /** In the kernel's memory; infinite where there is no row. */
  biases: Float32Array;
  rows: number;
  /** tables × rows: the place of each row in each table; a tree has one table. */
  placeOf: Uint32Array;
  /** By place, or by group of 32 places: the leaf or bucket that it belongs to. */
  cellOf: Uint32Array;
  cells: number;
}

/**
 * The biases of an index with infinity for the rows that are not accepted, so that the kernel lists none of them. They
 * follow the set that was last asked for, and change only where it does: one filter for many queries costs nothing, and a
 * few other rows cost little.
 */
export class CodeMask {
  /** As the index has them; in the kernel's memory. */
  readonly biases: Float32Array;
  /** By leaf or bucket, how many of its rows are accepted. */
  readonly accepted: Uint32Array;
  private readonly words: Uint32Array;
  /** Places to a number of `cellOf`. */
  private readonly places: number;

  constructor(
    private readonly index: Places,
    memory: WebAssembly.Memory,
  ) {
    const { biases, cells, rows, cellOf } = index;
    const room = takeRoom(memory, biases.byteLength);
    this.biases = new Float32Array(memory.buffer, room, biases.length).fill(Number.POSITIVE_INFINITY);
    this.accepted = new Uint32Array(cells);
    this.words = new Uint32Array(Math.ceil(rows / 32));
    this.places = biases.length / cellOf.length;
  }

  /** Lets the rows of a set through, and no others. */
  accept(set: RowSet): void {
    const { words } = this;
    for (let word = 0; word < words.length; word++) {
      const wanted = set.words[word];
      for (let bits = words[word] ^ wanted; bits !== 0; bits &= bits - 1) {
        const bit = bits & -bits;
        this.let(32 * word + 31 - Math.clz32(bit), (wanted & bit) !== 0);
      }
      words[word] = wanted;
    }
  }

  private let(row: number, isIn: boolean): void {
    const { biases, accepted, places } = this;
    const { placeOf, cellOf, rows, biases: original } = this.index;
    for (let at = row; at < placeOf.length; at += rows) {
      const place = placeOf[at];
      biases[place] = isIn ? original[place] : Number.POSITIVE_INFINITY;
      accepted[cellOf[Math.floor(place / places)]] += isIn ? 1 : -1;
    }
  }
}

/** @param biases Of the tree, in the kernel's memory. */
export function treeMask(index: TreeIndex, biases: Float32Array, memory: WebAssembly.Memory): CodeMask {
  const { leafRows, leafStarts, parameters, vectors, dimension } = index;
  const rows = vectors.length / dimension;
  const placeOf = new Uint32Array(rows);
  const cellOf = new Uint32Array(biases.length / GROUP);
  for (let leaf = 0; leaf < parameters.leaves; leaf++) {
    const [start, end] = [leafStarts[leaf], leafStarts[leaf + 1]];
    cellOf.fill(leaf, start, end);
    for (let place = start * GROUP; place < end * GROUP; place++) {
      // Rows ascend within a leaf; where there is none stands 0.
      const isRow = place === start * GROUP || leafRows[place] > leafRows[place - 1];
      if (isRow) placeOf[leafRows[place]] = place;
    }
  }
  return new CodeMask({ biases, rows, placeOf, cellOf, cells: parameters.leaves }, memory);
}

/** @param biases Of the LSH, in the kernel's memory. */
export function lshMask(index: LshIndex, biases: Float32Array, memory: WebAssembly.Memory): CodeMask {
  const { bucketRows, bucketStarts, vectors, dimension } = index;
  const rows = vectors.length / dimension;
  const placeOf = new Uint32Array(bucketRows.length);
  const cellOf = new Uint32Array(biases.length);
  for (let bucket = 0; bucket + 1 < bucketStarts.length; bucket++) {
    cellOf.fill(bucket, bucketStarts[bucket], bucketStarts[bucket + 1]);
  }
  // Each table has each row once, in as many places as there are rows.
  bucketRows.forEach((row, place) => {
    placeOf[Math.floor(place / rows) * rows + row] = place;
  });
  return new CodeMask({ biases, rows, placeOf, cellOf, cells: bucketStarts.length - 1 }, memory);
}
