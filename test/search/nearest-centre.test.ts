import { expect, test } from 'vitest';
import { nearestCentreFinder } from '../../src/search/nearest-centre.ts';
import { createRandom } from '../../src/search/random.ts';

test.each([
  [1, 4],
  [3, 8],
  [4, 12],
  [130, 40],
])('finds the nearest of %i centres of %i values, of equal ones the first', (count, dimension) => {
  const random = createRandom(count);
  // Whole numbers: every distance is exact in float32, and some are equal.
  const draw = (length: number) => Float32Array.from({ length }, () => Math.floor(5 * random.uniform()));
  const centres = draw(count * dimension);
  const find = nearestCentreFinder(centres, dimension);
  for (let i = 0; i < 100; i++) {
    const row = draw(dimension);
    const squares = Array.from({ length: count }, (_, centre) =>
      row.reduce((sum, value, j) => sum + (value - centres[centre * dimension + j]) ** 2, 0),
    );
    expect(find(row)).toBe(squares.indexOf(Math.min(...squares)));
  }
});
