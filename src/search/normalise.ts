import { innerProduct } from './distance.ts';

/**
 * Rows of length 1, for search by cosine: with rows and queries normalised, distance² = 2 - 2 cosine, so the nearest
 * rows are those of the largest cosine. A row of zeros stays one.
 *
 * @param vectors Float32Array, rows × dimension, row-major; stays as it is. A query is one row.
 */
export function normaliseRows(vectors: Float32Array, dimension: number): Float32Array {
  const normalised = new Float32Array(vectors.length);
  for (let start = 0; start < vectors.length; start += dimension) {
    const norm = Math.sqrt(innerProduct(vectors, start, vectors, start, dimension));
    if (norm === 0) continue;
    for (let i = start; i < start + dimension; i++) normalised[i] = vectors[i] / norm;
  }
  return normalised;
}
