/** Bytes of a page, WebAssembly's unit of memory. */
const PAGE = 65_536;

/** Pages that 32-bit addresses reach: 4 GiB. */
const MAXIMUM_PAGES = 65_536;

/** Pages that a memory may grow by, for the kernels of all threads to work in: 64 MiB. */
const WORKING_PAGES = 1024;

const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/**
 * Bytes that threads can share and, up to 4 GiB less 64 MiB, kernels can reach without a copy.
 *
 * @returns Zeroed; at the start of its buffer, which may be longer.
 */
export function allocateShared(length: number): Uint8Array<SharedArrayBuffer> {
  const initial = Math.ceil(length / PAGE);
  if (initial + WORKING_PAGES > MAXIMUM_PAGES) return new Uint8Array(new SharedArrayBuffer(length));
  const memory = new WebAssembly.Memory({ initial, maximum: initial + WORKING_PAGES, shared: true });
  const buffer = memory.buffer as ArrayBufferLike as SharedArrayBuffer;
  memories.set(buffer, memory);
  return new Uint8Array(buffer, 0, length);
}

/** Zeroed floats in a memory of their own, as `allocateShared` gives it. */
export function allocateFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(allocateShared(4 * length).buffer, 0, length);
}

/** The memory that a buffer of `allocateShared` is; undefined for any other buffer. */
export function memoryOf(buffer: ArrayBufferLike): WebAssembly.Memory | undefined {
  return memories.get(buffer);
}

/** Tells `memoryOf` of a memory that another thread allocated. */
export function keepMemory(buffer: SharedArrayBuffer, memory: WebAssembly.Memory): void {
  memories.set(buffer, memory);
}

/**
 * Takes room at the end of a memory for good. Growing is atomic, so threads get rooms of their own.
 *
 * @returns The address in bytes, a multiple of 65,536.
 * @throws RangeError where the memory must not grow as much.
 */
export function takeRoom(memory: WebAssembly.Memory, bytes: number): number {
  return memory.grow(Math.ceil(bytes / PAGE)) * PAGE;
}
