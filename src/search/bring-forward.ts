/** Moves keys up to a limit, `wanted` of the first `count`, to the front, in no order, and what stands beside them. */
export function bringForward(
  keys: Float32Array,
  values: Uint32Array,
  count: number,
  wanted: number,
  limit: number,
): void {
  for (let i = 0, front = 0; i < count && front < wanted; i++) {
    const key = keys[i];
    if (key > limit) continue;
    const value = values[i];
    keys[i] = keys[front];
    values[i] = values[front];
    keys[front] = key;
    values[front++] = value;
  }
}

/** @returns -Infinity of none. */
export function largestOf(keys: Float32Array, count: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) largest = Math.max(largest, keys[i]);
  return largest;
}
