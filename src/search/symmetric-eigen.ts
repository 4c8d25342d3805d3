/** Steps an eigenvalue at most; two are usual. */
const MAXIMUM_STEPS = 30;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to three diagonals, then implicit QR
 * steps with Wilkinson's shift (Golub and Van Loan, Matrix Computations, 8.3.1 to 8.3.3). The reduction begins with the
 * last row (as EISPACK's tred2), for all that is read to lie in rows.
 *
 * @param matrix size × size, row-major; its lower triangle is read, and overwritten.
 * @returns `vectors`: the eigenvectors as rows, in the order of `values`, which is no particular one.
 */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { values: Float64Array; vectors: Float64Array } {
  const { values, beside, scales } = tridiagonalise(matrix, size);
  const vectors = reflections(matrix, size, scales);
  diagonalise(values, beside, vectors);
  return { values, vectors };
}

/**
 * Reflects the rows, from the last one on, until nothing is left but the diagonal and what is beside it.
 *
 * @returns `scales`: 2 / |v|² of each reflection v, which is left in the row's first values; 0 where there was none.
 */
function tridiagonalise(matrix: Float64Array, size: number) {
  const values = new Float64Array(size);
  const beside = new Float64Array(Math.max(0, size - 1));
  const scales = new Float64Array(size);
  const moved = new Float64Array(size);
  for (let i = size - 1; i > 0; i--) {
    const row = matrix.subarray(i * size, i * size + i);
    const [first, square] = [row[i - 1], innerProduct(row, row, i)];
    if (square === first * first) {
      beside[i - 1] = first;
      continue;
    }
    const length = first > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    beside[i - 1] = length;
    row[i - 1] = first - length;
    const scale = 2 / innerProduct(row, row, i);
    scales[i] = scale;
    timesLowerTriangle(matrix, size, row, moved);
    const half = (scale * scale * innerProduct(moved, row, i)) / 2;
    for (let j = 0; j < i; j++) moved[j] = scale * moved[j] - half * row[j];
    for (let j = 0; j < i; j++) {
      const [start, v, w] = [j * size, row[j], moved[j]];
      for (let l = 0; l <= j; l++) matrix[start + l] -= v * moved[l] + w * row[l];
    }
  }
  for (let i = 0; i < size; i++) values[i] = matrix[i * size + i];
  return { values, beside, scales };
}

/** The upper left part of a symmetric matrix times a vector. */
function timesLowerTriangle(
  matrix: Float64Array,
  size: number,
  vector: Float64Array,
  product: Float64Array,
): void {
  for (let j = 0; j < vector.length; j++) {
    const [start, value] = [j * size, vector[j]];
    let sum = matrix[start + j] * value;
    for (let l = 0; l < j; l++) {
      sum += matrix[start + l] * vector[l];
      product[l] += matrix[start + l] * value;
    }
    product[j] = sum;
  }
}

/** The product of the reflections, that of the first row first. */
function reflections(matrix: Float64Array, size: number, scales: Float64Array): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    product[i * size + i] = 1;
    if (scales[i] === 0) continue;
    const vector = matrix.subarray(i * size, i * size + i);
    for (let j = 0; j < i; j++) {
      const row = product.subarray(j * size, j * size + i);
      const along = scales[i] * innerProduct(row, vector, i);
      for (let l = 0; l < i; l++) row[l] -= along * vector[l];
    }
  }
  return product;
}

/** Turns pairs of neighbouring axes until nothing is left beside the diagonal, and the rows of `vectors` with them. */
function diagonalise(values: Float64Array, beside: Float64Array, vectors: Float64Array): void {
  const size = values.length;
  // What is too small to change the largest of the values counts as nothing.
  const nothing = 2 ** -52 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let last = size - 1;
  for (let steps = MAXIMUM_STEPS * size; last > 0 && steps > 0; steps--) {
    let first = last;
    while (first > 0 && Math.abs(beside[first - 1]) > nothing) first--;
    if (first === last) last--;
    else step(first, last);
  }

  function step(first: number, last: number): void {
    const apart = (values[last - 1] - values[last]) / 2;
    const off = beside[last - 1];
    const root = Math.sqrt(apart * apart + off * off);
    let along = values[first] - values[last] + (off * off) / (apart + (apart < 0 ? -root : root));
    let across = beside[first];
    for (let k = first; k < last; k++) {
      const length = Math.sqrt(along * along + across * across);
      const [cosine, sine] = length === 0 ? [1, 0] : [along / length, across / length];
      if (k > first) beside[k - 1] = length;
      const [a, b, c] = [values[k], values[k + 1], beside[k]];
      values[k] = cosine * cosine * a + 2 * cosine * sine * c + sine * sine * b;
      values[k + 1] = sine * sine * a - 2 * cosine * sine * c + cosine * cosine * b;
      beside[k] = cosine * sine * (b - a) + (cosine * cosine - sine * sine) * c;
      turnRows(k, cosine, sine);
      if (k === last - 1) break;
      along = beside[k];
      across = sine * beside[k + 1];
      beside[k + 1] *= cosine;
    }
  }

  function turnRows(k: number, cosine: number, sine: number): void {
    const upper = vectors.subarray(k * size, (k + 1) * size);
    const lower = vectors.subarray((k + 1) * size, (k + 2) * size);
    for (let i = 0; i < size; i++) {
      const [a, b] = [upper[i], lower[i]];
      upper[i] = cosine * a + sine * b;
      lower[i] = cosine * b - sine * a;
    }
  }
}

function innerProduct(a: Float64Array, b: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[i] * b[i];
  return sum;
}
