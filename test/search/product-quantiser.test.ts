import { describe, expect, test } from 'vitest';
import { principalComponents } from '../../src/search/principal-components.ts';
import { CENTRES, nearestCentre, trainCodebooks } from '../../src/search/product-quantiser.ts';
import { createRandom } from '../../src/search/random.ts';
import { rotationOf, rotator } from '../../src/search/rotation.ts';
import { musicLikeVectors } from './music-like.ts';

describe('principal components', () => {
  const dimension = 20;
  const vectors = musicLikeVectors(600, dimension, 3);
  const { mean, variances, components } = principalComponents(vectors, dimension);
  const component = (i: number) => components.subarray(i * dimension, (i + 1) * dimension);
  const dot = (a: ArrayLike<number>, b: Float64Array) => b.reduce((sum, value, i) => sum + value * a[i], 0);

  test('are unit vectors at right angles, with falling variances', () => {
    for (let i = 0; i < dimension; i++) {
      if (i > 0) expect(variances[i]).toBeLessThanOrEqual(variances[i - 1]);
      for (let j = 0; j <= i; j++) expect(dot(component(i), component(j))).toBeCloseTo(i === j ? 1 : 0, 10);
    }
  });

  test('are what the rows vary along, each apart from the others', () => {
    const along = (row: number, i: number) =>
      dot(vectors.subarray(row * dimension, (row + 1) * dimension), component(i)) - dot(mean, component(i));
    for (let i = 0; i < dimension; i++) {
      for (let j = 0; j <= i; j++) {
        let covariance = 0;
        for (let row = 0; row < 600; row++) covariance += (along(row, i) * along(row, j)) / 600;
        expect(covariance).toBeCloseTo(i === j ? variances[i] : 0, 8);
      }
    }
  });

  test('rotate rows to the fewest components that hold most of the variance, and zeros beside them', () => {
    // Three directions hold all; the mean is far from zero.
    const flat = Float32Array.from({ length: 300 * 6 }, (_, i) => [5, 0, 9, 0, 0, -2][i % 6]);
    const random = createRandom(1);
    for (let row = 0; row < 300; row++) for (const i of [1, 2, 4]) flat[row * 6 + i] += random.normal();
    const rotation = rotationOf(flat, 6);
    expect(rotation.offsets.length).toBe(4);
    const rotate = rotator(rotation);
    const rows = Float32Array.from(
      Array.from({ length: 300 }, (_, row) => [...rotate(flat.subarray(row * 6, (row + 1) * 6))]).flat(),
    );
    const square = (values: Float32Array, a: number, b: number, width: number) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (values[a * width + i] - values[b * width + i]) ** 2;
      return sum;
    };
    for (let row = 1; row < 300; row++) {
      expect(square(rows, 0, row, 4)).toBeCloseTo(square(flat, 0, row, 6), 3);
    }
  });
});

describe('the product quantiser', () => {
  test('gives each point the nearest centre, of equally near ones the first', () => {
    const random = createRandom(2);
    const books = Float32Array.from({ length: 2 * 2 * CENTRES }, () => Math.floor(random.uniform() * 4));
    for (let i = 0; i < 200; i++) {
      const [x, y] = [random.normal(), random.normal()].map(Math.fround);
      const squares = Array.from(
        { length: CENTRES },
        (_, centre) => (x - books[32 + centre]) ** 2 + (y - books[48 + centre]) ** 2,
      );
      expect(nearestCentre(books, 32, x, y)).toBe(squares.indexOf(Math.min(...squares)));
    }
  });

  test('has a centre where the points are, where they are at sixteen places', () => {
    const places = Array.from({ length: CENTRES }, (_, i) => [i % 4, Math.floor(i / 4)]);
    const points = Float32Array.from({ length: 160 }, (_, i) => places[Math.floor(i / 10)][i % 2]);
    const books = trainCodebooks(points, 2);
    const found = Array.from({ length: CENTRES }, (_, i) => `${books[i]},${books[CENTRES + i]}`);
    expect(found.sort()).toEqual(places.map(String).sort());
  });

  test('errs by little more than the best sixteen centres do', () => {
    const random = createRandom(3);
    const points = Float32Array.from({ length: 2 * 20_000 }, () => random.normal());
    const books = trainCodebooks(points, 2);
    let error = 0;
    for (let i = 0; i < points.length; i += 2) {
      const code = nearestCentre(books, 0, points[i], points[i + 1]);
      error +=
        ((points[i] - books[code]) ** 2 + (points[i + 1] - books[CENTRES + code]) ** 2) / points.length;
    }
    // Two scalar quantisers of 4 levels err by 0.1175 a value (Max 1960); centres in the plane do better.
    expect(error).toBeLessThan(0.1175);
  });
});
