import { allocateShared, memoryOf } from '../wasm/shared-memory.ts';

/** What kernels read of an index, and the memory that it lies in. */
export interface PlacedCodes {
  codes: Uint8Array;
  biases: Float32Array;
  memory: WebAssembly.Memory;
}

/** An index's codes and biases where kernels reach them: in their own memory if it is one, else copies of them. */
export function placeInMemory(codes: Uint8Array, biases: Float32Array): PlacedCodes {
  const own = memoryOf(codes.buffer);
  if (own && biases.buffer === codes.buffer) return { codes, biases, memory: own };
  const copies = allocateCodes(codes.length, biases.length);
  copies.codes.set(codes);
  copies.biases.set(biases);
  return copies;
}

/**
 * Room for codes and biases in a memory of their own: zeros, and infinity, which a place without a row has.
 *
 * @param bytes Of the codes, a multiple of 4.
 * @param places That have a bias.
 */
export function allocateCodes(bytes: number, places: number): PlacedCodes {
  const { buffer } = allocateShared(bytes + 4 * places);
  return {
    codes: new Uint8Array(buffer, 0, bytes),
    biases: new Float32Array(buffer, bytes, places).fill(Number.POSITIVE_INFINITY),
    memory: memoryOf(buffer)!,
  };
}
