import { expect, test } from 'vitest';
import { exactNearestNeighbors, exactNearestNeighborsBatch } from '../../src/search/exact.ts';
import { METRICS } from '../../src/search/metric.ts';
import { createRandom } from '../../src/search/random.ts';
import { rowSetOf } from '../../src/search/row-set.ts';
import { treeNearestNeighbors } from '../../src/search/tree.ts';
import { buildTree } from '../../src/search/tree-build.ts';
import { buildVectorIndex } from '../../src/search/vector-index.ts';
import { searchVectors, searchVectorsBatch } from '../../src/search/vector-search.ts';
import { musicLikeVectors } from './music-like.ts';

const split = (vectors: Float32Array, dimension: number) =>
  Array.from({ length: vectors.length / dimension }, (_, i) =>
    vectors.subarray(i * dimension, (i + 1) * dimension),
  );

test('the exact scan of many queries at once finds what it finds one by one, with filters too', () => {
  const [rows, dimension] = [1500, 24];
  const all = musicLikeVectors(rows + 30, dimension, 3);
  const vectors = all.slice(0, rows * dimension);
  const queries = all.slice(rows * dimension);
  const random = createRandom(5);
  for (const share of [1, 0.6, 0.1, 0.002, 0]) {
    const accept = rowSetOf(rows, () => random.uniform() < share);
    const excludeRows = [0, 7, rows - 1];
    for (const k of [1, 100]) {
      for (const choice of [{}, { accept }, { accept, excludeRows }, { excludeRows }]) {
        expect(exactNearestNeighborsBatch(vectors, dimension, queries, k, choice)).toEqual(
          split(queries, dimension).map((query) => exactNearestNeighbors(vectors, query, k, choice)),
        );
      }
    }
  }
  expect(exactNearestNeighborsBatch(vectors, dimension, new Float32Array(0), 10)).toEqual([]);
});

test('equal rows of a tree come in the order of their numbers', () => {
  const [dimension, distinct] = [20, 60];
  const points = musicLikeVectors(distinct, dimension, 3);
  const random = createRandom(1);
  const vectors = new Float32Array(2000 * dimension);
  for (const row of split(vectors, dimension)) {
    const from = Math.floor(random.uniform() * distinct) * dimension;
    row.set(points.subarray(from, from + dimension));
  }
  const index = buildTree(vectors, dimension, { leaves: 20, leavesSearched: 6, reRank: 15 });
  for (const query of split(points, dimension)) {
    const { rows } = treeNearestNeighbors(index, query, 10);
    expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
  }
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
