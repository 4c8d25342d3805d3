import { instantiate } from '../wasm/assembler.ts';
import { allocateFloats, memoryOf } from '../wasm/shared-memory.ts';
import { productKernel } from './product-kernel.ts';

/**
 * What finds a row's nearest centre in float32: by |centre|² - 2⟨row, centre⟩, of equal ones the first.
 *
 * @param centres Float32Array, centres × dimension, row-major; the dimension a multiple of 4.
 */
export function nearestCentreFinder(centres: Float32Array, dimension: number): (row: Float32Array) => number {
  const count = centres.length / dimension;
  const inFours = (count + 3) & ~3;
  const all = allocateFloats(inFours * (dimension + 2) + dimension);
  const run = instantiate(productKernel, memoryOf(all.buffer)!);
  const norms = all.subarray(inFours * dimension, inFours * (dimension + 1));
  const distances = all.subarray(inFours * (dimension + 1), inFours * (dimension + 2));
  const placed = all.subarray(inFours * (dimension + 2));
  centres.forEach((value, i) => {
    all[i] = -2 * value;
    norms[Math.floor(i / dimension)] += value * value;
  });
  return (row) => {
    placed.set(row);
    const start = placed.byteOffset;
    const bytes = placed.byteLength;
    run(0, centres.byteLength, bytes, start, start + bytes, norms.byteOffset, distances.byteOffset);
    let nearest = 0;
    for (let i = 1; i < count; i++) if (distances[i] < distances[nearest]) nearest = i;
    return nearest;
  };
}
