/** The rows of these numbers, one after the other. */
export function gatherRows(vectors: Float32Array, dimension: number, rows: ArrayLike<number>): Float32Array {
  const gathered = new Float32Array(rows.length * dimension);
  for (let i = 0; i < rows.length; i++) {
    gathered.set(vectors.subarray(rows[i] * dimension, (rows[i] + 1) * dimension), i * dimension);
  }
  return gathered;
}
