import { evenlySpread } from './evenly-spread.ts';

/** Rows that the covariances are taken from, at most; evenly spread. */
const SAMPLE = 8192;

/** Sweeps of Jacobi's method; it converges quadratically, so some eight do for any size met here. */
const MAXIMUM_SWEEPS = 12;

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
  const directions = diagonalise(covariance, dimension);
  const order = Array.from({ length: dimension }, (_, i) => i);
  const variance = (i: number) => covariance[i * dimension + i];
  order.sort((a, b) => variance(b) - variance(a) || a - b);
  const components = new Float64Array(dimension * dimension);
  order.forEach((from, to) => {
    components.set(directions.subarray(from * dimension, (from + 1) * dimension), to * dimension);
  });
  return { mean, variances: Float64Array.from(order, variance), components };
}

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
  const centred = new Float64Array(dimension);
  for (const row of sample) {
    const start = row * dimension;
    for (let j = 0; j < dimension; j++) centred[j] = vectors[start + j] - mean[j];
    for (let j = 0; j < dimension; j++) {
      const value = centred[j] / seen;
      for (let l = j; l < dimension; l++) covariance[j * dimension + l] += value * centred[l];
    }
  }
  for (let j = 0; j < dimension; j++) {
    for (let l = 0; l < j; l++) covariance[j * dimension + l] = covariance[l * dimension + j];
  }
  return { mean, covariance };
}

/**
 * Jacobi's cyclic method (Golub and Van Loan, Matrix Computations, 8.5): turns pairs of axes until nothing is left
 * off the diagonal of a symmetric matrix, in place.
 *
 * @returns The eigenvectors as rows, in the order of the diagonal.
 */
function diagonalise(matrix: Float64Array, size: number): Float64Array {
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  for (let sweep = 0, turned = true; turned && sweep < MAXIMUM_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = matrix[p * size + q];
        const [first, last] = [matrix[p * size + p], matrix[q * size + q]];
        if (off * off <= 1e-18 * Math.abs(first * last)) continue;
        turned = true;
        const ratio = (last - first) / (2 * off);
        const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
        const cosine = 1 / Math.sqrt(tangent * tangent + 1);
        const sine = tangent * cosine;
        turn(matrix, p * size, q * size, 1, size, cosine, sine);
        turn(matrix, p, q, size, size, cosine, sine);
        turn(vectors, p * size, q * size, 1, size, cosine, sine);
      }
    }
  }
  return vectors;
}

/** Turns two stretches of `count` values, `stride` apart, into each other. */
function turn(
  values: Float64Array,
  p: number,
  q: number,
  stride: number,
  count: number,
  cosine: number,
  sine: number,
): void {
  for (let i = 0; i < count * stride; i += stride) {
    const [a, b] = [values[p + i], values[q + i]];
    values[p + i] = cosine * a - sine * b;
    values[q + i] = sine * a + cosine * b;
  }
}
