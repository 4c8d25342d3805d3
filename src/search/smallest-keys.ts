import { instantiate } from '../wasm/assembler.ts';
import { takeRoom } from '../wasm/shared-memory.ts';
import { bringForward, largestOf } from './bring-forward.ts';
import { dropTies } from './drop-ties.ts';
import { selectKernel } from './select-kernel.ts';

/** Keys and what stands beside each, in the memory; room for three keys more than are used. */
export interface KeyList {
  keys: Float32Array;
  values: Uint32Array;
}

/** Bytes of so many keys and of what stands beside them. */
export const listBytes = (length: number): number => 8 * length;

/** A list of so many keys at an address. */
export function listAt(memory: WebAssembly.Memory, address: number, length: number): KeyList {
  return {
    keys: new Float32Array(memory.buffer, address, length),
    values: new Uint32Array(memory.buffer, address + 4 * length, length),
  };
}

/** Finds the smallest keys of lists in a memory, by a kernel with a room of its own. */
export class SmallestKeys {
  private readonly select: (...parameters: number[]) => void;
  /** How many the kernel kept. */
  private readonly told: Uint32Array;
  /** For `putFirst`. */
  private copy: KeyList = { keys: new Float32Array(0), values: new Uint32Array(0) };

  constructor(private readonly memory: WebAssembly.Memory) {
    this.select = instantiate(selectKernel, memory);
    // Growing a memory gives it another buffer.
    const room = takeRoom(memory, 4);
    this.told = new Uint32Array(memory.buffer, room, 1);
  }

  /**
   * Keeps the `wanted` smallest of the first `count` keys, of equal ones those with the smaller values beside them.
   *
   * @returns How many they are.
   */
  keep({ keys, values }: KeyList, count: number, wanted: number): number {
    if (count <= wanted) return count;
    for (let i = count; i % 4 !== 0; i++) keys[i] = Number.POSITIVE_INFINITY;
    const end = keys.byteOffset + 4 * ((count + 3) & ~3);
    this.select(keys.byteOffset, end, values.byteOffset, wanted, this.told.byteOffset);
    return dropTies(keys, values, this.told[0], wanted);
  }

  /** Moves the `wanted` smallest of the first `count` keys to the front, in no order. */
  putFirst({ keys, values }: KeyList, count: number, wanted: number): void {
    if (count <= wanted) return;
    this.reserve(count + 3);
    // Of the best alone the kernel tells the limit; the others are wanted, too.
    this.copy.keys.set(keys.subarray(0, count));
    const limit = largestOf(this.copy.keys, this.keep(this.copy, count, wanted));
    bringForward(keys, values, count, wanted, limit);
  }

  private reserve(length: number): void {
    if (this.copy.keys.length >= length) return;
    // Room is taken for good, so it doubles.
    const taken = 2 ** Math.ceil(Math.log2(length));
    this.copy = listAt(this.memory, takeRoom(this.memory, listBytes(taken)), taken);
  }
}
