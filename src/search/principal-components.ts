import { evenlySpread } from './evenly-spread.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Rows that the covariances are taken from, at most; evenly spread. */
export const SAMPLE = 8192;

/** Rows whose products are added at once, which saves three of four readings of the covariances. */
const AT_ONCE = 4;

export interface PrincipalComponents {
  /** Mean of each value. */
  mean: Float64Array;
  /** Variances along the components, falling. */
  variances: Float64Array;
  /** dimension × dimension, row-major: unit vectors at right angles, in the order of their variances. */
  components: Float64Array;
}

/**
 * The directions along which rows vary most, and how much.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 */
export function principalComponents(vectors: Float32Array, dimension: number): PrincipalComponents {
  const { mean, covariance } = covarianceOf(vectors, dimension);
  const { values, vectors: directions } = symmetricEigen(covariance, dimension);
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
  const components = new Float64Array(dimension * dimension);
  order.forEach((from, to) => {
    components.set(directions.subarray(from * dimension, (from + 1) * dimension), to * dimension);
  });
  return { mean, variances: Float64Array.from(order, (from) => values[from]), components };
}

/** `covariance`: its lower triangle. */
function covarianceOf(vectors: Float32Array, dimension: number) {
  const rows = vectors.length / dimension;
  const sample = evenlySpread(rows, SAMPLE);
  const seen = sample.length;
  const mean = new Float64Array(dimension);
  const covariance = new Float64Array(dimension * dimension);
  for (const row of sample) {
    const start = row * dimension;
    for (let j = 0; j < dimension; j++) mean[j] += vectors[start + j] / seen;
  }
  const block = Array.from({ length: AT_ONCE }, () => new Float64Array(dimension));
  const [a, b, c, d] = block;
  for (let first = 0; first < seen; first += AT_ONCE) {
    block.forEach((centred, i) => {
      const start = sample[first + i] * dimension;
      if (first + i >= seen) centred.fill(0);
      else for (let j = 0; j < dimension; j++) centred[j] = vectors[start + j] - mean[j];
    });
    for (let j = 0; j < dimension; j++) {
      const [start, x, y, z, w] = [j * dimension, a[j] / seen, b[j] / seen, c[j] / seen, d[j] / seen];
      for (let l = 0; l <= j; l++) covariance[start + l] += x * a[l] + y * b[l] + (z * c[l] + w * d[l]);
    }
  }
  return { mean, covariance };
}
