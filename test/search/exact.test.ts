import { expect, test } from 'vitest';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { createRandom } from '../../src/search/random.ts';

/** By sorting everything: the plain way. */
function sorted(vectors: Float32Array, query: Float32Array, k: number, excludeRow?: number) {
  const rows = Array.from({ length: vectors.length / query.length }, (_, row) => {
    const vector = vectors.subarray(row * query.length, (row + 1) * query.length);
    return { row, square: vector.reduce((sum, value, i) => sum + (value - query[i]) ** 2, 0) };
  });
  return rows
    .filter(({ row }) => row !== excludeRow)
    .sort((a, b) => a.square - b.square || a.row - b.row)
    .slice(0, k);
}

test.each([1, 3, 4, 31, 32, 33, 36, 70])(
  'finds the same rows as sorting does, in dimension %i',
  (dimension) => {
    const random = createRandom(dimension);
    // Small whole numbers: many distances are equal, and every sum is exact.
    const draw = (length: number) => Float32Array.from({ length }, () => Math.floor(random.uniform() * 4));
    const vectors = draw(300 * dimension);
    for (let round = 0; round < 20; round++) {
      const query = draw(dimension);
      const k = 1 + Math.floor(random.uniform() * 40);
      const found = exactNearestNeighbors(vectors, query, k, round);
      const expected = sorted(vectors, query, k, round);
      expect([...found.rows]).toEqual(expected.map(({ row }) => row));
      expect(found.distances).toEqual(Float32Array.from(expected, ({ square }) => Math.sqrt(square)));
    }
  },
);

test('gives all rows where k is larger, without the excluded one', () => {
  const vectors = Float32Array.of(5, 1, 3);
  expect([...exactNearestNeighbors(vectors, Float32Array.of(0), 99).rows]).toEqual([1, 2, 0]);
  expect([...exactNearestNeighbors(vectors, Float32Array.of(0), 99, 2).rows]).toEqual([1, 0]);
  expect(exactNearestNeighbors(Float32Array.of(5), Float32Array.of(0), 1, 0).rows.length).toBe(0);
});
