import { expect, test } from 'vitest';
import { dropTies } from '../../src/search/drop-ties.ts';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { approxNearestNeighbors } from '../../src/search/lsh.ts';
import { buildLsh } from '../../src/search/lsh-build.ts';
import { treeNearestNeighbors } from '../../src/search/tree.ts';
import { buildTree } from '../../src/search/tree-build.ts';
import { musicLikeVectors } from './music-like.ts';

test('leaves those of the largest values out of equal keys, and none that is smaller', () => {
  const keys = Float32Array.of(3, 1, 3, 2, 3, -1, 3);
  const values = Uint32Array.of(9, 8, 2, 7, 10, 6, 5);
  expect(dropTies(keys, values, 7, 5)).toBe(5);
  expect([...keys.subarray(0, 5)]).toEqual([1, 3, 2, -1, 3]);
  expect([...values.subarray(0, 5)]).toEqual([8, 2, 7, 6, 5]);
  expect(dropTies(Float32Array.of(1, 2), Uint32Array.of(1, 2), 2, 2)).toBe(2);
});

test('near rows are found before a crowd of equal rows that scores worse', () => {
  const [dimension, distinct, copies] = [20, 3000, 60];
  const points = musicLikeVectors(distinct + 100, dimension, 5);
  const rows = new Float32Array((distinct + 100 * copies) * dimension);
  rows.set(points.subarray(0, distinct * dimension));
  for (let copy = 0; copy < copies; copy++) {
    rows.set(points.subarray(0, 100 * dimension), (distinct + copy * 100) * dimension);
  }
  const tree = buildTree(rows, dimension, { leaves: 4, leavesSearched: 4, reRank: 200 });
  const lsh = buildLsh(rows, dimension, { probes: rows.length, reRank: 200 });
  let [inTree, inLsh] = [0, 0];
  for (let i = 0; i < 100; i++) {
    const query = points.subarray((distinct + i) * dimension, (distinct + i + 1) * dimension);
    const limit = exactNearestNeighbors(rows, query, 10).distances[9];
    const near = ({ distances }: { distances: Float32Array }) =>
      distances.filter((distance) => distance <= limit).length;
    inTree += near(treeNearestNeighbors(tree, query, 10));
    inLsh += near(approxNearestNeighbors(lsh, query, 10));
  }
  expect(inTree).toBeGreaterThanOrEqual(970);
  expect(inLsh).toBeGreaterThanOrEqual(955);
});
