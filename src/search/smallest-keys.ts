import { instantiate, KEPT_LANES } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { bringForward } from './bring-forward.ts';
import { dropTies } from './drop-ties.ts';
import { keepKernel, limitKernel } from './select-kernel.ts';

type Kernel = (...parameters: number[]) => void;

/** Keys and what stands beside each, in the memory; room for three keys more than are used. */
export interface KeyList {
  keys: Float32Array;
  values: Uint32Array;
}

/** The largest float32: infinity fills lists up, and is no key. */
export const LARGEST = 2 ** 128 - 2 ** 104;

/** Bytes of so many keys and of what stands beside them. */
export const listBytes = (length: number): number => 8 * length;

/** A list of so many keys at an address. */
export function listAt(memory: WebAssembly.Memory, address: number, length: number): KeyList {
  return {
    keys: new Float32Array(memory.buffer, address, length),
    values: new Uint32Array(memory.buffer, address + 4 * length, length),
  };
}

/** Finds the smallest keys of lists in a memory, by kernels with a room of their own. */
export class SmallestKeys {
  private readonly findLimit: Kernel;
  private readonly keepUpTo: Kernel;
  /** The limit, and how many were kept up to it. */
  private readonly limit: Float32Array;
  private readonly kept: Uint32Array;
  /** Where `KEPT_LANES` are, which other kernels of the memory need, too. */
  readonly keptLanes: number;

  constructor(memory: WebAssembly.Memory) {
    this.findLimit = instantiate(limitKernel, memory);
    this.keepUpTo = instantiate(keepKernel, memory);
    // Growing a memory gives it another buffer.
    this.keptLanes = takeRoom(memory, KEPT_LANES.length + 8);
    new Uint8Array(memory.buffer, this.keptLanes).set(KEPT_LANES);
    this.limit = new Float32Array(memory.buffer, this.keptLanes + KEPT_LANES.length, 1);
    this.kept = new Uint32Array(memory.buffer, this.limit.byteOffset + 4, 1);
  }

  /**
   * Keeps the `wanted` smallest of the first `count` keys, of equal ones those with the smaller values beside them.
   *
   * @returns How many they are.
   */
  keep(list: KeyList, count: number, wanted: number): number {
    if (count <= wanted) return count;
    // So many of some of the keys have a limit that so many of all are up to, and not many more: about as many as these
    // some are, if they are that many.
    const some = Math.ceil(Math.sqrt(wanted * count) / 4) * 4;
    let left = count;
    if (4 * some < count) {
      this.limitOf(list, some, wanted);
      left = this.keepUpToLimit(list, count);
    }
    if (left > wanted) {
      this.limitOf(list, left, wanted);
      left = this.keepUpToLimit(list, left);
    }
    return dropTies(list.keys, list.values, left, wanted);
  }

  /** Keeps those of the first `count` keys that are up to a limit. Returns how many they are. */
  keepWithin(list: KeyList, count: number, limit: number): number {
    this.limit[0] = Math.min(limit, LARGEST);
    return this.keepUpToLimit(list, count);
  }

  /** Moves `wanted` of the first `count` keys to the front, none larger than the `wanted`-th smallest. */
  putFirst(list: KeyList, count: number, wanted: number): void {
    if (count <= wanted) return;
    bringForward(list.keys, list.values, count, wanted, this.limitOf(list, count, wanted));
  }

  /** A limit that `wanted` of the first `count` keys are up to, or more if they equal it. */
  private limitOf({ keys }: KeyList, count: number, wanted: number): number {
    this.findLimit(keys.byteOffset, this.fillUp(keys, count), wanted, this.limit.byteOffset);
    return this.limit[0];
  }

  private keepUpToLimit({ keys, values }: KeyList, count: number): number {
    const { limit, kept, keptLanes } = this;
    const end = this.fillUp(keys, count);
    this.keepUpTo(keys.byteOffset, end, values.byteOffset, limit.byteOffset, keptLanes, kept.byteOffset);
    return kept[0];
  }

  /** Fills the last four of the first `count` keys up with infinity. Returns where they end. */
  private fillUp(keys: Float32Array, count: number): number {
    for (let i = count; i % 4 !== 0; i++) keys[i] = Number.POSITIVE_INFINITY;
    return keys.byteOffset + 4 * ((count + 3) & ~3);
  }
}
