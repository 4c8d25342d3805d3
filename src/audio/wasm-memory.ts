import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PFFFT from '@echogarden/pffft-wasm/simd';

const folder = dirname(createRequire(import.meta.url).resolve('@echogarden/pffft-wasm/simd'));

/** PFFFT's memory. The descriptors' kernels work in it too, so that spectra never move between the two. */
export let memory: WebAssembly.Memory;

export const pffft = await PFFFT({
  // The package keeps its memory to itself; whoever makes the instance gets to see it.
  instantiateWasm(imports, receive) {
    const module = new WebAssembly.Module(readFileSync(join(folder, 'pffft.wasm')));
    const instance = new WebAssembly.Instance(module, imports);
    memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory)!;
    receive(instance);
    return instance.exports;
  },
});

/** Takes `length` floats of the heap for good, zeroed; returns their index in `heap()`, a multiple of four. */
export function allocate(length: number): number {
  const place = pffft._pffft_aligned_malloc(length * 4) / 4;
  if (place === 0) throw new RangeError(`the WebAssembly heap has no room for ${length} floats`);
  pffft.HEAPF32.fill(0, place, place + length);
  return place;
}

/** Takes the room of `values` and puts them there. */
export function allocateTable(values: ArrayLike<number>): number {
  const place = allocate(values.length);
  pffft.HEAPF32.set(values, place);
  return place;
}

/** The heap. Ask anew after anything that may allocate: growing replaces the array. */
export function heap(): Float32Array {
  return pffft.HEAPF32;
}

/** Copies `length` samples from `start` on to the heap; places before the first and after the last one are 0. */
export function copyToHeap(samples: Float32Array, start: number, length: number, place: number): void {
  const values = heap();
  const from = Math.min(length, Math.max(0, -start));
  const to = Math.max(from, Math.min(length, samples.length - start));
  values.fill(0, place, place + from);
  values.set(samples.subarray(start + from, start + to), place + from);
  values.fill(0, place + to, place + length);
}
