import { allocate, heap } from './wasm-memory.ts';

/** Frames that the kernels do at once. Their values stand side by side: four for bin 0, four for bin 1, … */
export const GROUP = 4;
/** Bytes from one bin or band to the next. */
export const STRIDE = 4 * GROUP;

/** Room for `rows` bins or bands of a group; returns its place in the heap. */
export function allocateGroup(rows: number): number {
  return allocate(GROUP * rows);
}

/**
 * Copies a group's values from the heap to a series.
 *
 * @param series frames × bands, row-major; rows `frame` to `frame` + 3 are written, as far as there are any.
 */
export function writeGroup(place: number, bands: number, frame: number, series: Float32Array): void {
  const values = heap();
  const end = Math.min(series.length, (frame + GROUP) * bands);
  for (let row = frame * bands, lane = 0; row < end; row += bands, lane++) {
    for (let band = 0; band < bands; band++) series[row + band] = values[place + GROUP * band + lane];
  }
}
