/**
 * The rows of these numbers, one after the other.
 *
 * @param gathered Where they go, by default to memory of their own.
 */
export function gatherRows(
  vectors: Float32Array,
  dimension: number,
  rows: ArrayLike<number>,
  gathered: Float32Array = new Float32Array(rows.length * dimension),
): Float32Array {
  for (let i = 0; i < rows.length; i++) {
    gathered.set(vectors.subarray(rows[i] * dimension, (rows[i] + 1) * dimension), i * dimension);
  }
  return gathered;
}
