/** Most frames that are kept: all of six minutes, or every 128th of ten hours. An even number. */
const MOST_ROWS = 1 << 14;

/**
 * Rows of a series too long to keep. All of them as long as they fit, then every second, fourth, … one, counted
 * from the first: which ones are kept depends on their number alone.
 */
export interface KeptRows {
  bands: number;
  /** Rows × bands, row-major; the first `count` rows are kept ones. */
  values: Float32Array;
  count: number;
  /** Every `stride`-th row is kept, of `seen`. */
  stride: number;
  seen: number;
}

export function noRows(bands: number): KeptRows {
  return { bands, values: new Float32Array(MOST_ROWS * bands), count: 0, stride: 1, seen: 0 };
}

/** @param rows Frames × bands, row-major. */
export function keepRows(kept: KeptRows, rows: Float32Array): void {
  const { bands } = kept;
  for (let start = 0; start < rows.length; start += bands, kept.seen++) {
    if (kept.seen % kept.stride !== 0) continue;
    if (kept.count === MOST_ROWS) thin(kept);
    kept.values.set(rows.subarray(start, start + bands), kept.count++ * bands);
  }
}

function thin(kept: KeptRows): void {
  const { bands, values } = kept;
  kept.count /= 2;
  kept.stride *= 2;
  for (let row = 1; row < kept.count; row++) {
    values.copyWithin(row * bands, 2 * row * bands, (2 * row + 1) * bands);
  }
}
