import { describe, expect, test } from 'vitest';
import { exactNearestNeighbors, exactNearestNeighborsBatch } from '../../src/search/exact.ts';
import { METRICS } from '../../src/search/metric.ts';
import type { Neighbours } from '../../src/search/nearest.ts';
import { createRandom } from '../../src/search/random.ts';
import { type RowChoice, rowSetOf } from '../../src/search/row-set.ts';
import { treeNearestNeighbors, treeNearestNeighborsBatch } from '../../src/search/tree.ts';
import { buildTree } from '../../src/search/tree-build.ts';
import { EVERY_LEAF, type TreeIndex } from '../../src/search/tree-index.ts';
import { buildVectorIndex } from '../../src/search/vector-index.ts';
import { searchVectors, searchVectorsBatch } from '../../src/search/vector-search.ts';
import { musicLikeVectors } from './music-like.ts';

const split = (vectors: Float32Array, dimension: number) =>
  Array.from({ length: vectors.length / dimension }, (_, i) =>
    vectors.subarray(i * dimension, (i + 1) * dimension),
  );

/** Both ways, and that they are the same to the last bit. */
function expectSame(
  index: TreeIndex,
  queries: Float32Array,
  k: number,
  choice: RowChoice = {},
): Neighbours[] {
  const single = split(queries, index.dimension).map((query) =>
    treeNearestNeighbors(index, query, k, choice),
  );
  const together = treeNearestNeighborsBatch(index, queries, k, choice);
  const textOf = ({ rows, distances }: Neighbours) => `${rows} ${distances}`;
  expect(together.map(textOf)).toEqual(single.map(textOf));
  return single;
}

describe('many queries of a tree at once find what they find one by one', () => {
  test.each([
    [900, 7, 1],
    [3000, 33, 2],
    [6000, 140, 4],
  ])('among %i rows of %i values', (rows, dimension, seed) => {
    const all = musicLikeVectors(rows + 201, dimension, seed);
    const index = buildTree(all.slice(0, rows * dimension), dimension);
    const { parameters } = index;
    const queries = all.slice(rows * dimension);
    for (const k of [1, 10, 60]) expectSame(index, queries, k);
    // Few leaves, all of them, and lists too long for many queries to have room.
    for (const reach of [0, 0.7, 1, EVERY_LEAF]) {
      for (const reRank of [1, 50, rows]) {
        const other = { ...index, parameters: { ...parameters, reach, reRank } };
        expectSame(other, queries.subarray(0, 40 * dimension), 10);
      }
    }
    expect(treeNearestNeighborsBatch(index, new Float32Array(0), 10)).toEqual([]);
  });

  test('with filters, which change from one batch to the next', () => {
    const [rows, dimension] = [1500, 24];
    const all = musicLikeVectors(rows + 130, dimension, 3);
    const index = buildTree(all.slice(0, rows * dimension), dimension);
    const queries = all.slice(rows * dimension);
    const random = createRandom(5);
    for (const share of [1, 0.6, 0.1, 0.002, 0]) {
      const accept = rowSetOf(rows, () => random.uniform() < share);
      const excludeRows = [0, 7, rows - 1];
      for (const k of [1, 100]) {
        for (const choice of [{ accept }, { accept, excludeRows }, { excludeRows }]) {
          expectSame(index, queries, k, choice);
          const few = queries.subarray(0, 5 * dimension);
          expect(exactNearestNeighborsBatch(index.vectors, dimension, few, k, choice)).toEqual(
            split(few, dimension).map((query) => exactNearestNeighbors(index.vectors, query, k, choice)),
          );
        }
      }
    }
  });

  test('where rows and scores are equal', () => {
    const [dimension, distinct] = [20, 60];
    const points = musicLikeVectors(distinct, dimension, 3);
    const random = createRandom(1);
    const vectors = new Float32Array(2000 * dimension);
    for (const row of split(vectors, dimension)) {
      const from = Math.floor(random.uniform() * distinct) * dimension;
      row.set(points.subarray(from, from + dimension));
    }
    const index = buildTree(vectors, dimension, { leaves: 20, leavesSearched: 6, reRank: 15 });
    const found = expectSame(index, points, 10);
    for (const { rows } of found) expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
  });

  test('where there are fewer rows than are asked for, or none', () => {
    for (const rows of [0, 1, 5]) {
      const vectors = musicLikeVectors(20, 6, 8);
      const index = buildTree(vectors.slice(0, rows * 6), 6);
      for (const { rows: found } of expectSame(index, vectors, 10)) expect(found.length).toBe(rows);
    }
  });
});

test.each(METRICS)('an index by %s answers a batch as it answers its queries one by one', (metric) => {
  const [rows, dimension] = [2500, 18];
  const all = musicLikeVectors(rows + 130, dimension, 11);
  const queries = split(all.slice(rows * dimension), dimension);
  for (const method of metric === 'dot'
    ? (['exact', 'tree'] as const)
    : (['exact', 'lsh', 'tree'] as const)) {
    const base = all.slice(0, rows * dimension);
    const { data } = buildVectorIndex(base, dimension, { metric, method, recall: 0.9 });
    const single = queries.map((query) => searchVectors(data, query, 10));
    expect(searchVectorsBatch(data, queries, 10)).toEqual(single);
  }
});
