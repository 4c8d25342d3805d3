import { describe, expect, test } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { kmeans } from '../../src/search/kmeans.ts';
import { approxNearestNeighbors } from '../../src/search/lsh.ts';
import { buildLsh } from '../../src/search/lsh-build.ts';
import type { Neighbours } from '../../src/search/nearest.ts';
import { createRandom } from '../../src/search/random.ts';
import { hasRow, type RowChoice, type RowSet, rowSetOf } from '../../src/search/row-set.ts';
import { treeNearestNeighbors } from '../../src/search/tree.ts';
import { buildTree } from '../../src/search/tree-build.ts';
import { allocateFloats } from '../../src/wasm/shared-memory.ts';
import { musicLikeVectors } from './music-like.ts';

type Search = (query: Float32Array, k: number, choice?: RowChoice) => Neighbours;

/** Each method over the same rows, in the kernels' memory as in a segment. */
function methodsOver(values: Float32Array, dimension: number): [string, Search][] {
  const vectors = allocateFloats(values.length);
  vectors.set(values);
  const lsh = buildLsh(vectors, dimension);
  const tree = buildTree(vectors, dimension);
  return [
    ['exact', (query, k, choice) => exactNearestNeighbors(vectors, query, k, choice)],
    ['lsh', (query, k, choice) => approxNearestNeighbors(lsh, query, k, choice)],
    ['tree', (query, k, choice) => treeNearestNeighbors(tree, query, k, choice)],
  ];
}

/** All rows in the order of their distances, and only then the choice. */
function filterAfter(
  vectors: Float32Array,
  query: Float32Array,
  k: number,
  { accept, excludeRows }: RowChoice,
) {
  const { rows, distances } = exactNearestNeighbors(vectors, query, vectors.length / query.length);
  const places = [...rows.keys()].filter(
    (place) => (!accept || hasRow(accept, rows[place])) && !excludeRows?.includes(rows[place]),
  );
  const first = places.slice(0, k);
  return {
    rows: Uint32Array.from(first, (place) => rows[place]),
    distances: Float32Array.from(first, (place) => distances[place]),
  };
}

const SHARES = [1, 0.7, 0.5, 0.25, 0.1, 0.01, 0.001, 0];

describe('a filter within the exact search is a filter after it', () => {
  test.each([
    [1, 3],
    [33, 5],
    [700, 24],
    [3000, 140],
  ])('for %i rows of %i values', (rows, dimension) => {
    const random = createRandom(rows);
    const values = musicLikeVectors(rows + 4, dimension, rows);
    const plain = values.slice(0, rows * dimension);
    const shared = allocateFloats(plain.length);
    shared.set(plain);
    for (const share of SHARES) {
      const accept = rowSetOf(rows, () => random.uniform() < share);
      const excludeRows = [0, Math.floor(rows / 2), rows - 1];
      for (const choice of [{ accept }, { accept, excludeRows }, { excludeRows }]) {
        const query = values.subarray(rows * dimension, (rows + 1) * dimension);
        for (const k of [1, 10, rows + 3]) {
          const expected = filterAfter(plain, query, k, choice);
          for (const vectors of [plain, shared]) {
            expect(exactNearestNeighbors(vectors, query, k, choice)).toEqual(expected);
          }
        }
      }
    }
  });
});

test('the tree with all leaves and all rows re-ranked filters as the exact search does', () => {
  const dimension = 24;
  const vectors = musicLikeVectors(900, dimension, 3);
  const index = buildTree(vectors, dimension, { leaves: 30, leavesSearched: 30, reRank: 900 });
  const random = createRandom(4);
  for (let round = 0; round < 60; round++) {
    const share = SHARES[round % SHARES.length];
    const accept = rowSetOf(900, () => random.uniform() < share);
    const row = Math.floor(random.uniform() * 900);
    const query = vectors.subarray(row * dimension, (row + 1) * dimension);
    const choice = { accept, excludeRows: [row, 5, 5] };
    expect(treeNearestNeighbors(index, query, 12, choice)).toEqual(
      exactNearestNeighbors(vectors, query, 12, choice),
    );
  }
});

describe('of the accepted rows', () => {
  const [rows, dimension, queries, k] = [12_000, 64, 60, 10];
  const values = musicLikeVectors(rows + queries, dimension, 11);
  const base = values.slice(0, rows * dimension);
  const queryOf = (i: number) => values.subarray((rows + i) * dimension, (rows + i + 1) * dimension);
  const methods = methodsOver(base, dimension);
  const random = createRandom(2);
  const { assignment, centres } = kmeans(base, dimension, { k: 30, seed: 9 });

  const atRandom = (share: number) => {
    const accept = rowSetOf(rows, () => random.uniform() < share);
    return () => accept;
  };
  /** The clusters farthest from the query, until they hold a share of the rows; of these, one row in `thinned`. */
  const farAway = (share: number, thinned: number) => (query: Float32Array) => {
    const distances = Float64Array.from({ length: 30 }, (_, cluster) =>
      squaredDistance(centres, cluster * dimension, query),
    );
    const order = [...distances.keys()].sort((a, b) => distances[b] - distances[a]);
    const chosen = new Set<number>();
    for (let held = 0; held < share * rows; ) {
      const cluster = order[chosen.size];
      chosen.add(cluster);
      held += assignment.filter((other) => other === cluster).length;
    }
    return rowSetOf(rows, (row) => row % thinned === 0 && chosen.has(assignment[row]));
  };
  const filters: [string, (query: Float32Array) => RowSet][] = [
    ['50 % at random', atRandom(0.5)],
    ['10 % at random', atRandom(0.1)],
    ['1 % at random', atRandom(0.01)],
    ['0.1 % at random', atRandom(0.001)],
    ['the 70 % farthest away', farAway(0.7, 1)],
    ['the 40 % farthest away', farAway(0.4, 1)],
    ['the 10 % farthest away', farAway(0.1, 1)],
    ['a third of the 50 % farthest away', farAway(0.5, 3)],
  ];

  for (const [name, search] of methods.slice(1)) {
    test.each(filters)(`${name} finds at least 0.95 of the ten nearest of %s`, (_, filterFor) => {
      let found = 0;
      let sought = 0;
      for (let i = 0; i < queries; i++) {
        const accept = filterFor(queryOf(i));
        const truth = exactNearestNeighbors(base, queryOf(i), k, { accept }).rows;
        const { rows: answer } = search(queryOf(i), k, { accept });
        expect(answer.every((row) => hasRow(accept, row))).toBe(true);
        expect(answer.length).toBe(Math.min(k, accept.count));
        found += answer.filter((row) => truth.includes(row)).length;
        sought += truth.length;
      }
      expect(found / sought).toBeGreaterThanOrEqual(0.95);
    });

    test(`${name} answers the same whatever was filtered before`, () => {
      const [half, few] = [atRandom(0.5)(), atRandom(0.3)()];
      const first = [half, few, undefined].map((accept) => search(queryOf(0), k, accept && { accept }));
      const again = [undefined, half, few].map((accept) => search(queryOf(0), k, accept && { accept }));
      expect([again[1], again[2], again[0]]).toEqual(first);
    });
  }
});

describe('one accepted row in a million', () => {
  const [rows, dimension] = [1_000_000, 4];
  const vectors = musicLikeVectors(rows, dimension, 8);
  const lsh = buildLsh(vectors, dimension, { probes: 50, numHashTables: 2 });
  const tree = buildTree(vectors, dimension, { leaves: 32, leavesSearched: 3, reRank: 50 });

  test.each([0, 31, 32, 654_321, rows - 1])('is found by all methods: row %i', (row) => {
    const accept = rowSetOf(rows, (other) => other === row);
    for (const of of [0, 777_777]) {
      const query = vectors.subarray(of * dimension, (of + 1) * dimension);
      const expected = {
        rows: Uint32Array.of(row),
        distances: Float32Array.of(Math.sqrt(squaredDistance(vectors, row * dimension, query))),
      };
      expect(exactNearestNeighbors(vectors, query, 10, { accept })).toEqual(expected);
      expect(approxNearestNeighbors(lsh, query, 10, { accept })).toEqual(expected);
      expect(treeNearestNeighbors(tree, query, 10, { accept })).toEqual(expected);
    }
  });
});

describe.each([
  ['different rows', (row: number) => row],
  ['rows of which each stands four times', (row: number) => row >> 2],
  ['rows that are all the same', () => 0],
])('among %s', (_, original) => {
  const [rows, dimension] = [800, 12];
  const distinct = musicLikeVectors(rows, dimension, 5);
  // The first is a row of zeros.
  distinct.fill(0, 0, dimension);
  const vectors = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const start = original(row) * dimension;
    vectors.set(distinct.subarray(start, start + dimension), row * dimension);
  }
  const query = vectors.slice(0, dimension);

  test.each(methodsOver(vectors, dimension))('%s gives as many rows as there are', (_name, search) => {
    const random = createRandom(6);
    for (const share of SHARES) {
      const accept = rowSetOf(rows, () => random.uniform() < share);
      for (const k of [1, 10, 799, 5000]) {
        for (const excludeRows of [[], [3], [3, 3, 700, 41]]) {
          const choice = { accept, excludeRows };
          const { rows: found, distances } = search(query, k, choice);
          const left = accept.count - new Set(excludeRows.filter((row) => hasRow(accept, row))).size;
          expect(found.length).toBe(Math.min(k, left));
          expect(new Set(found).size).toBe(found.length);
          expect(found.every((row) => hasRow(accept, row) && !excludeRows.includes(row))).toBe(true);
          found.forEach((row, i) => {
            expect(distances[i]).toBe(
              Math.fround(Math.sqrt(squaredDistance(vectors, row * dimension, query))),
            );
          });
        }
      }
      if (accept.count < 100)
        expect(search(query, 10, { accept })).toEqual(filterAfter(vectors, query, 10, { accept }));
    }
  });
});
