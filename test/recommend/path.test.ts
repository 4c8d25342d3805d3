import { describe, expect, it } from 'vitest';
import { findPath } from '../../src/recommend/path.ts';
import type { SearchSpace } from '../../src/recommend/search-spaces.ts';
import { squaredDistance } from '../../src/search/distance.ts';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { createSearchPool, inlinePool } from '../../src/search/search-pool.ts';
import { musicLikeVectors } from '../search/music-like.ts';

const DIMENSION = 24;
const ROWS = 2000;
const all = musicLikeVectors(ROWS, DIMENSION, 9);

function spaceOf(vectors: Float32Array): SearchSpace {
  return {
    vectorOfRow: (row) => vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION),
    vectorOfSound: () => {
      throw new Error('no sound is asked about');
    },
    search: async (query, k, _method, choice) => exactNearestNeighbors(vectors, query, k, choice),
  };
}

const space = spaceOf(all);
const ends = [
  [0, 1],
  [17, 1300],
  [400, 1999],
  [900, 33],
] as const;
const nobody = () => null;
const search = (from: number, to: number, steps: number) =>
  ({ from, to, steps, method: 'exact', rows: ROWS, artistOf: nobody }) as const;

const stepsOf = (path: readonly number[]) =>
  path
    .slice(1)
    .map((row, i) => Math.sqrt(squaredDistance(all, row * DIMENSION, space.vectorOfRow(path[i]!))));

/** The obvious way: the nearest row, not taken yet, to each of the points evenly set on the line. */
function nearestToLine(from: number, to: number, steps: number): number[] {
  const path = [from];
  const [a, b] = [space.vectorOfRow(from), space.vectorOfRow(to)];
  for (let i = 1; i < steps; i++) {
    const point = a.map((value, j) => value + (i / steps) * (b[j]! - value));
    path.push(exactNearestNeighbors(all, point, 1, { excludeRows: [...path, to] }).rows[0]!);
  }
  return [...path, to];
}

describe('a path', () => {
  it.each([3, 8, 20])('takes %d steps over tracks that differ', async (steps) => {
    for (const [from, to] of ends) {
      const path = await findPath(search(from, to, steps), space, inlinePool);
      expect(path).toHaveLength(steps + 1);
      expect([path[0], path.at(-1)]).toEqual([from, to]);
      expect(new Set(path).size).toBe(path.length);
    }
  });

  it('has smaller largest steps than the rows nearest to the straight line', async () => {
    const largest = { path: 0, line: 0 };
    for (const [from, to] of ends) {
      largest.path += Math.max(...stepsOf(await findPath(search(from, to, 8), space, inlinePool)));
      largest.line += Math.max(...stepsOf(nearestToLine(from, to, 8)));
    }
    expect(largest.path).toBeLessThan(largest.line);
  });

  it('is the same on threads, and each time', async () => {
    const pool = createSearchPool(2);
    const path = await findPath(search(17, 1300, 8), space, inlinePool);
    expect(await findPath(search(17, 1300, 8), space, pool)).toEqual(path);
    expect(await findPath(search(17, 1300, 8), space, inlinePool)).toEqual(path);
    await pool.close();
  });

  it('has no artist twice in a row', async () => {
    // Twelve rows an artist at random, as they are made; here each artist has every eighth row.
    const artistOf = (row: number) => `artist ${row % 8}`;
    for (const [from, to] of ends) {
      const path = await findPath({ ...search(from, to, 8), artistOf }, space, inlinePool);
      const artists = path.map(artistOf);
      expect(artists.filter((artist, i) => artist === artists[i - 1])).toEqual([]);
    }
  });

  it('takes every track where there are hardly more than steps, and fewer steps where there are less', async () => {
    const few = spaceOf(all.slice(0, 6 * DIMENSION));
    const asked = { from: 2, to: 4, method: 'exact', rows: 6, artistOf: nobody } as const;
    const path = await findPath({ ...asked, steps: 5 }, few, inlinePool);
    expect(path.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await findPath({ ...asked, steps: 20 }, few, inlinePool)).toHaveLength(6);
    const two = spaceOf(all.slice(0, 2 * DIMENSION));
    expect(await findPath({ ...asked, from: 0, to: 1, rows: 2, steps: 8 }, two, inlinePool)).toEqual([0, 1]);
  });
});
