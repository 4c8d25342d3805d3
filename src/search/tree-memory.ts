import { allocateShared, memoryOf } from '../wasm/shared-memory.ts';
import type { TreeIndex } from './tree-index.ts';

type InKernels = Pick<TreeIndex, 'rotation' | 'centres' | 'codes' | 'biases'>;

/** The arrays of a tree that kernels read, and the memory they lie in: their own if it is one, else a copy's. */
export function placeInMemory(index: TreeIndex): InKernels & { memory: WebAssembly.Memory } {
  const { rotation, centres, codes, biases } = index;
  const arrays = [rotation, centres, codes, biases];
  const own = memoryOf(codes.buffer);
  if (own && arrays.every(({ buffer }) => buffer === codes.buffer)) {
    return { rotation, centres, codes, biases, memory: own };
  }
  const { buffer } = allocateShared(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let end = 0;
  const copy = (values: Float32Array): Float32Array => {
    const copied = new Float32Array(buffer, end, values.length);
    copied.set(values);
    end += values.byteLength;
    return copied;
  };
  const copies = { rotation: copy(rotation), centres: copy(centres), biases: copy(biases) };
  const copiedCodes = new Uint8Array(buffer, end, codes.length);
  copiedCodes.set(codes);
  return { ...copies, codes: copiedCodes, memory: memoryOf(buffer)! };
}
