import { allocateShared, memoryOf } from '../wasm/shared-memory.ts';

/** Codes, and other arrays that kernels read beside them. */
type WithCodes<Name extends string> = Record<Name, Float32Array> & { codes: Uint8Array };

/** The arrays of a tree that kernels read. */
export type PlacedTree = ReturnType<typeof placeInMemory<'biases'>>;

/** The arrays of an index that kernels read, and the memory they lie in: their own if it is one, else a copy's. */
export function placeInMemory<Name extends string>(
  codes: Uint8Array,
  floats: Record<Name, Float32Array>,
): WithCodes<Name> & { memory: WebAssembly.Memory } {
  const names = Object.keys(floats) as Name[];
  const own = memoryOf(codes.buffer);
  if (own && names.every((name) => floats[name].buffer === codes.buffer)) {
    return { ...floats, codes, memory: own };
  }
  const { buffer } = allocateShared(
    names.reduce((sum, name) => sum + floats[name].byteLength, codes.byteLength),
  );
  let end = 0;
  const copies = { ...floats };
  for (const name of names) {
    copies[name] = new Float32Array(buffer, end, floats[name].length);
    copies[name].set(floats[name]);
    end += floats[name].byteLength;
  }
  const copiedCodes = new Uint8Array(buffer, end, codes.length);
  copiedCodes.set(codes);
  return { ...copies, codes: copiedCodes, memory: memoryOf(buffer)! };
}
