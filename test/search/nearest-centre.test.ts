import { expect, test } from 'vitest';
import { nearestCentreFinder } from '../../src/search/nearest-centre.ts';
import { createRandom } from '../../src/search/random.ts';

test.each([
  [1, 4],
  [3, 8],
  [4, 12],
  [130, 40],
])('finds a nearest of %i centres of %i values, for a block of rows', (count, dimension) => {
  const random = createRandom(count);
  // Whole numbers: every distance is exact in float32, and some are equal.
  const draw = (length: number) => Float32Array.from({ length }, () => Math.floor(5 * random.uniform()));
  const centres = draw(count * dimension);
  const { rows, find } = nearestCentreFinder(centres, dimension);
  for (let block = 0; block < 3; block++) {
    rows.set(draw(rows.length));
    const found = find();
    expect(found).toHaveLength(rows.length / dimension);
    found.forEach((number, i) => {
      const row = rows.subarray(i * dimension, (i + 1) * dimension);
      const squares = Array.from({ length: count }, (_, centre) =>
        row.reduce((sum, value, j) => sum + (value - centres[centre * dimension + j]) ** 2, 0),
      );
      expect(squares[number]).toBe(Math.min(...squares));
    });
  }
});
