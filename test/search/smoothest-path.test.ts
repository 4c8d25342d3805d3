import { expect, test } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { smoothestPath } from '../../src/search/smoothest-path.ts';
import { musicLikeVectors } from './music-like.ts';

const DIMENSION = 8;
const SIZES = [1, 4, 5, 3, 4, 1];
const COUNT = SIZES.reduce((sum, size) => sum + size);
const vectors = musicLikeVectors(COUNT, DIMENSION, 5);
const nobody = new Int32Array(COUNT).fill(-1);

const stepOf = (from: number, to: number) =>
  squaredDistance(vectors, from * DIMENSION, vectors.subarray(to * DIMENSION, (to + 1) * DIMENSION));
const costOf = (path: number[]) => path.slice(1).reduce((sum, to, i) => sum + stepOf(path[i]!, to) ** 2, 0);

/** All ways through the layers. */
function allPaths(): number[][] {
  let start = 0;
  return SIZES.reduce<number[][]>(
    (paths, size) => {
      const places = Array.from({ length: size }, (_, i) => start + i);
      start += size;
      return paths.flatMap((path) => places.map((place) => [...path, place]));
    },
    [[]],
  );
}

test('is the cheapest of all ways', () => {
  const cheapest = allPaths().reduce((best, path) => (costOf(path) < costOf(best) ? path : best));
  expect(smoothestPath(vectors, DIMENSION, SIZES, nobody)).toEqual(cheapest);
});

test('goes round two of one group in a row, where that can be', () => {
  const free = smoothestPath(vectors, DIMENSION, SIZES, nobody);
  const groups = nobody.slice();
  groups[free[2]!] = 7;
  groups[free[3]!] = 7;
  const path = smoothestPath(vectors, DIMENSION, SIZES, groups);
  expect(path).not.toEqual(free);
  const allowed = allPaths().filter((way) =>
    way.every((to, i) => i === 0 || groups[to]! < 0 || groups[to] !== groups[way[i - 1]!]),
  );
  expect(path).toEqual(allowed.reduce((best, way) => (costOf(way) < costOf(best) ? way : best)));
});

test('ends with one way where all are of one group', () => {
  const same = new Int32Array(COUNT).fill(1);
  expect(smoothestPath(vectors, DIMENSION, SIZES, same)).toEqual(
    smoothestPath(vectors, DIMENSION, SIZES, nobody),
  );
});
