import { innerProduct } from './distance.ts';

/**
 * Rows of length 1, for search by cosine: with rows and queries normalised, distance² = 2 - 2 cosine, so the nearest
 * rows are those of the largest cosine. A row of zeros stays one.
 *
 * @param vectors Float32Array, rows × dimension, row-major. A query is one row.
 * @param normalised Where they go to; may be `vectors` itself.
 */
export function normaliseRows(
  vectors: Float32Array,
  dimension: number,
  normalised: Float32Array = new Float32Array(vectors.length),
): Float32Array {
  for (let start = 0; start < vectors.length; start += dimension) {
    const norm = Math.sqrt(innerProduct(vectors, start, vectors, start, dimension));
    for (let i = start; i < start + dimension; i++) normalised[i] = norm === 0 ? 0 : vectors[i] / norm;
  }
  return normalised;
}
