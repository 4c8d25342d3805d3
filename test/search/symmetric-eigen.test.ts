import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/search/random.ts';
import { symmetricEigen } from '../../src/search/symmetric-eigen.ts';

const random = createRandom(3);

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    let sum = 0;
    for (let i = 0; i < size; i++) sum += a[row * size + i] * b[i * size + column];
    return sum;
  });
}

const transposed = (a: Float64Array, size: number) =>
  a.map((_, place) => a[(place % size) * size + Math.floor(place / size)]);

const diagonal = (values: ArrayLike<number>) => {
  const matrix = new Float64Array(values.length ** 2);
  for (let i = 0; i < values.length; i++) matrix[i * values.length + i] = values[i];
  return matrix;
};

/** Of a rank below its size. */
function lowRank(size: number, rank: number): Float64Array {
  const factor = Float64Array.from({ length: size * size }, (_, place) =>
    place % size < rank ? random.uniform() - 0.5 : 0,
  );
  return product(factor, transposed(factor, size), size);
}

function symmetric(size: number): Float64Array {
  const matrix = Float64Array.from({ length: size * size }, () => random.uniform() - 0.5);
  const other = transposed(matrix, size);
  return matrix.map((value, i) => value + other[i]);
}

describe('eigenvalues and eigenvectors', () => {
  test.each([
    ['one value', Float64Array.of(3)],
    ['two values', Float64Array.of(1, 2, 2, -3)],
    ['zeros', new Float64Array(25)],
    ['equal values', diagonal([2, 2, 2, 2])],
    ['a diagonal', diagonal([0, 5, 1e-9, 7, 5])],
    ['values of very different sizes', product(symmetric(6), diagonal([1e9, 1, 1e-9, 1, 1e5, 0]), 6)],
    ['random numbers', symmetric(33)],
    ['a rank below the size', lowRank(40, 7)],
    ['a rank of 1', lowRank(20, 1)],
  ])('give the matrix back: %s', (_, given) => {
    const size = Math.sqrt(given.length);
    const other = transposed(given, size);
    const matrix = given.map((value, i) => (value + other[i]) / 2);
    const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const { values, vectors } = symmetricEigen(matrix.slice(), size);
    const restored = product(product(transposed(vectors, size), diagonal(values), size), vectors, size);
    for (let i = 0; i < matrix.length; i++) {
      expect(Math.abs(restored[i] - matrix[i])).toBeLessThanOrEqual(1e-13 * size * largest);
    }
    const squares = product(vectors, transposed(vectors, size), size);
    const identity = diagonal(new Float64Array(size).fill(1));
    for (let i = 0; i < squares.length; i++) {
      expect(squares[i]).toBeCloseTo(identity[i], 12);
    }
  });

  test('of a chain of springs are those of the textbook', () => {
    const size = 30;
    const matrix = diagonal(new Float64Array(size).fill(2));
    for (let i = 1; i < size; i++) matrix[i * size + i - 1] = -1;
    const { values } = symmetricEigen(matrix, size);
    const known = Array.from({ length: size }, (_, i) => 2 - 2 * Math.cos(((i + 1) * Math.PI) / (size + 1)));
    values.sort().forEach((value, i) => {
      expect(value).toBeCloseTo(known[i], 13);
    });
  });
});
