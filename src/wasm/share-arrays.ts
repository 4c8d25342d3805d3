import { blocksOf, type FileBlocks, keepBlocks } from './file-blocks.ts';
import { allocateShared, keepMemory, memoryOf } from './shared-memory.ts';

/** A value as a message takes it to another thread: its typed arrays are not copied, and kernels still reach them. */
export interface Shared<Value> {
  value: Value;
  /** What `memoryOf` knows of the arrays' buffers, which a message alone would lose. */
  memories: [buffer: SharedArrayBuffer, memory: WebAssembly.Memory][];
  /** The same of `blocksOf`. */
  files: [buffer: SharedArrayBuffer, file: FileBlocks][];
}

type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint32Array;

/** Arrays begin at multiples of this many bytes: whole vectors of WebAssembly's SIMD. */
const ALIGNMENT = 16;

/**
 * Makes a value ready for `postMessage`. Typed arrays that no other thread could see are copied once, those of one
 * object side by side into one memory, as kernels need them that work on several.
 *
 * @param value Plain objects within each other, of typed arrays and what else can be cloned.
 */
export function share<Value extends object>(value: Value): Shared<Value> {
  const memories = new Map<SharedArrayBuffer, WebAssembly.Memory>();
  const files = new Map<SharedArrayBuffer, FileBlocks>();
  const copies = new Map<TypedArray, TypedArray>();
  const shareObject = <Part extends object>(part: Part): Part => {
    copyToMemory(
      Object.values(part).filter((array): array is TypedArray => isUnshared(array) && !copies.has(array)),
      copies,
    );
    return Object.fromEntries(
      Object.entries(part).map(([name, given]) => {
        if (!ArrayBuffer.isView(given)) return [name, isPlainObject(given) ? shareObject(given) : given];
        const array = copies.get(given as TypedArray) ?? given;
        const memory = memoryOf(array.buffer);
        if (memory) memories.set(array.buffer as SharedArrayBuffer, memory);
        const file = blocksOf(array.buffer);
        if (file) files.set(array.buffer as SharedArrayBuffer, file);
        return [name, array];
      }),
    ) as Part;
  };
  return { value: shareObject(value), memories: [...memories], files: [...files] };
}

/** The value of a message of another thread, for kernels to read in place. */
export function receive<Value>({ value, memories, files }: Shared<Value>): Value {
  for (const [buffer, memory] of memories) keepMemory(buffer, memory);
  for (const [buffer, file] of files) keepBlocks(buffer, file);
  return value;
}

const isPlainObject = (value: unknown): value is object =>
  value instanceof Object && Object.getPrototypeOf(value) === Object.prototype;

const isUnshared = (value: unknown): value is TypedArray =>
  ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer;

function copyToMemory(arrays: TypedArray[], copies: Map<TypedArray, TypedArray>): void {
  const roomOf = ({ byteLength }: TypedArray) => Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
  const { buffer } = allocateShared(arrays.reduce((sum, array) => sum + roomOf(array), 0));
  let at = 0;
  for (const array of arrays) {
    const Kind = array.constructor as new (
      buffer: SharedArrayBuffer,
      at: number,
      length: number,
    ) => TypedArray;
    const copy = new Kind(buffer, at, array.length);
    copy.set(array);
    copies.set(array, copy);
    at += roomOf(array);
  }
}
