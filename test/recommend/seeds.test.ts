import { describe, expect, test } from 'vitest';
import { centroidOf, distanceToAll } from '../../src/recommend/seeds.ts';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { musicLikeVectors } from '../search/music-like.ts';

const [ROWS, DIMENSION] = [400, 40];
const vectors = musicLikeVectors(ROWS, DIMENSION, 3);
const rowOf = (row: number) => vectors.slice(row * DIMENSION, (row + 1) * DIMENSION);

/** By the definition, in float64. */
function meanSquare(row: number, seeds: number[]): number {
  const squares = seeds.map((seed) => {
    const other = rowOf(seed);
    return rowOf(row).reduce((sum, value, i) => sum + (value - other[i]) ** 2, 0);
  });
  return squares.reduce((a, b) => a + b) / seeds.length;
}

describe.each([[[7]], [[7, 300]], [[1, 2, 3, 4, 5]], [[9, 9, 120]]])('of the seeds %j', (seeds) => {
  test('the nearest to the centroid have the least mean squared distance, which is what is shown', () => {
    const { centre, spread } = centroidOf(seeds.map(rowOf));
    const { rows, distances } = exactNearestNeighbors(vectors, centre, 30, { excludeRows: seeds });
    const others = Array.from({ length: ROWS }, (_, row) => row).filter((row) => !seeds.includes(row));
    const means = others.map((row) => ({ row, square: meanSquare(row, seeds) }));
    means.sort((a, b) => a.square - b.square);
    expect([...rows]).toEqual(means.slice(0, 30).map(({ row }) => row));
    distances.forEach((distance, place) => {
      expect(distanceToAll(distance, spread)).toBeCloseTo(Math.sqrt(means[place].square), 5);
    });
  });

  test('the order does not change a bit', () => {
    const there = centroidOf(seeds.map(rowOf));
    expect(centroidOf(seeds.toReversed().map(rowOf))).toEqual(there);
  });
});

test('one seed is its own centroid, at the same distances', () => {
  expect(centroidOf([rowOf(5)])).toEqual({ centre: rowOf(5), spread: 0 });
  for (const distance of [0, 1e-3, Math.fround(0.1), 2]) expect(distanceToAll(distance, 0)).toBe(distance);
});
