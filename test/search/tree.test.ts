import { describe, expect, test } from 'vitest';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { normaliseRows } from '../../src/search/normalise.ts';
import { createRandom } from '../../src/search/random.ts';
import { treeNearestNeighbors } from '../../src/search/tree.ts';
import { buildTree } from '../../src/search/tree-build.ts';
import type { TreeIndex } from '../../src/search/tree-index.ts';
import { allocateShared } from '../../src/wasm/shared-memory.ts';
import { musicLikeVectors } from './music-like.ts';

const rowOf = ({ vectors, dimension }: TreeIndex, row: number) =>
  vectors.subarray(row * dimension, (row + 1) * dimension);

/** The same values where kernels read them in place. */
function share(vectors: Float32Array): Float32Array {
  const shared = new Float32Array(allocateShared(vectors.byteLength).buffer, 0, vectors.length);
  shared.set(vectors);
  return shared;
}

describe('with all leaves and all rows re-ranked, the tree is the exact search', () => {
  test.each([
    [0, 5],
    [1, 5],
    [2, 3],
    [31, 1],
    [33, 2],
    [400, 1],
    [400, 7],
    [700, 33],
    [1500, 48],
  ])('for %i rows of %i values', (rows, dimension) => {
    const vectors = share(
      musicLikeVectors(Math.max(1, rows), dimension, rows + 1).slice(0, rows * dimension),
    );
    const leaves = Math.max(1, Math.round(Math.sqrt(rows)));
    const index = buildTree(vectors, dimension, { leaves, leavesSearched: leaves, reRank: rows });
    const queries = musicLikeVectors(20, dimension, 99);
    for (let i = 0; i < 20; i++) {
      const query = queries.subarray(i * dimension, (i + 1) * dimension);
      for (const [k, ...excludeRows] of [[10], [1], [rows + 5], [3, i]]) {
        if (excludeRows.some((row) => row >= rows)) continue;
        const found = treeNearestNeighbors(index, query, k, { excludeRows });
        expect(found).toEqual(exactNearestNeighbors(vectors, query, k, { excludeRows }));
      }
    }
  });
});

describe('by its defaults', () => {
  test.each([40, 250, 1500, 6000])('finds at least 0.95 of the ten nearest of %i tracks', (rows) => {
    const dimension = 140;
    const all = musicLikeVectors(rows + 200, dimension, 20);
    const vectors = share(all.slice(0, rows * dimension));
    const index = buildTree(vectors, dimension);
    let found = 0;
    for (let i = 0; i < 200; i++) {
      // Half the queries are rows of the index, half are new.
      const row = i % 2 === 0 ? Math.floor((i * rows) / 200) : undefined;
      const start = (row ?? rows + i) * dimension;
      const query = all.subarray(start, start + dimension);
      const choice = { excludeRows: row === undefined ? [] : [row] };
      const truth = exactNearestNeighbors(vectors, query, 10, choice).rows;
      found += treeNearestNeighbors(index, query, 10, choice).rows.filter((other) =>
        truth.includes(other),
      ).length;
    }
    expect(found / 2000).toBeGreaterThanOrEqual(0.95);
    // Without looking at most of it where there is much to look at.
    if (rows === 6000) {
      expect(index.parameters.leavesSearched).toBeLessThan(index.parameters.leaves / 3);
      expect(index.parameters.reRank).toBeLessThan(rows / 50);
    }
  });

  test('takes the fewer leaves and rows the lower the recall asked for', () => {
    const vectors = musicLikeVectors(3000, 32, 4);
    const [low, high] = [0.8, 0.99].map((recall) => buildTree(vectors, 32, { recall }).parameters);
    expect(low.reach).toBeLessThan(high.reach);
    expect(low.leavesSearched).toBeLessThan(high.leavesSearched);
    expect(low.reRank).toBeLessThan(high.reRank);
  });

  test('keeps the parameters that are given', () => {
    const vectors = musicLikeVectors(500, 16, 4);
    const { parameters } = buildTree(vectors, 16, { leaves: 9, leavesSearched: 4 });
    expect(parameters).toMatchObject({ leaves: 9, leavesSearched: 4 });
    expect(parameters.reRank).toBeGreaterThanOrEqual(10);
    expect(buildTree(vectors, 16, { reRank: 17 }).parameters.reRank).toBe(17);
  });
});

describe('approximate search', () => {
  const dimension = 48;
  const index = buildTree(musicLikeVectors(900, dimension, 2), dimension);

  test('gives exact distances, nearest first, no row twice and not the excluded one', () => {
    for (let row = 0; row < 900; row += 37) {
      const { rows, distances } = treeNearestNeighbors(index, rowOf(index, row), 20, { excludeRows: [row] });
      expect(new Set(rows).size).toBe(20);
      expect(rows).not.toContain(row);
      const exact = exactNearestNeighbors(index.vectors, rowOf(index, row), 899, { excludeRows: [row] });
      rows.forEach((other, i) => {
        expect(distances[i]).toBe(exact.distances[exact.rows.indexOf(other)]);
        if (i > 0) expect(distances[i]).toBeGreaterThanOrEqual(distances[i - 1]);
      });
    }
  });

  test('gives k rows where there are k, however few leaves are searched', () => {
    const narrow = { ...index, parameters: { ...index.parameters, reach: 0, reRank: 1 } };
    for (const k of [1, 10, 300, 899, 900, 2000]) {
      expect(treeNearestNeighbors(narrow, rowOf(index, 3), k).rows.length).toBe(Math.min(k, 900));
      expect(treeNearestNeighbors(narrow, rowOf(index, 3), k, { excludeRows: [3] }).rows.length).toBe(
        Math.min(k, 899),
      );
    }
    const far = new Float32Array(dimension).fill(1e6);
    expect(treeNearestNeighbors(narrow, far, 10).rows.length).toBe(10);
  });

  test('is the same when asked again, and where the arrays lie elsewhere', () => {
    const copied: TreeIndex = {
      ...index,
      rotation: index.rotation.slice(),
      centres: index.centres.slice(),
      codes: index.codes.slice(),
      biases: index.biases.slice(),
    };
    for (let row = 0; row < 900; row += 101) {
      const first = treeNearestNeighbors(index, rowOf(index, row), 10);
      expect(treeNearestNeighbors(index, rowOf(index, row), 10)).toEqual(first);
      expect(treeNearestNeighbors(copied, rowOf(index, row), 10)).toEqual(first);
    }
  });

  test.each([1e-30, 1e-20, 1e18, 1e25])(
    'answers as the exact search does among values of about %d',
    (scale) => {
      // Float32 cannot hold the scores then, so the codes tell nothing.
      const vectors = musicLikeVectors(300, 12, 5).map((value) => value * scale);
      const scaled = buildTree(vectors, 12, { leaves: 5, leavesSearched: 5, reRank: 300 });
      for (const row of [0, 150, 299]) {
        const query = rowOf(scaled, row);
        expect(treeNearestNeighbors(scaled, query, 12)).toEqual(exactNearestNeighbors(vectors, query, 12));
      }
    },
  );

  test('answers a query that is no number as the exact search does', () => {
    const query = new Float32Array(dimension).fill(Number.NaN);
    expect(treeNearestNeighbors(index, query, 5)).toEqual(exactNearestNeighbors(index.vectors, query, 5));
  });
});

describe('rows that are equal', () => {
  test('come in the order of their numbers', () => {
    for (const value of [0, 3]) {
      const equal = buildTree(new Float32Array(500 * 4).fill(value), 4);
      const { rows, distances } = treeNearestNeighbors(equal, new Float32Array(4).fill(value), 5);
      expect([...rows]).toEqual([0, 1, 2, 3, 4]);
      expect([...distances]).toEqual([0, 0, 0, 0, 0]);
    }
  });

  test('as copies of others do no harm', () => {
    const random = createRandom(1);
    const distinct = musicLikeVectors(100, 20, 3);
    const vectors = new Float32Array(800 * 20);
    for (let row = 0; row < 800; row++) {
      const from = Math.floor(random.uniform() * 100) * 20;
      vectors.set(distinct.subarray(from, from + 20), row * 20);
    }
    const index = buildTree(vectors, 20, { leaves: 12, leavesSearched: 12, reRank: 800 });
    for (let row = 0; row < 800; row += 61) {
      const found = treeNearestNeighbors(index, rowOf(index, row), 25);
      expect(found).toEqual(exactNearestNeighbors(vectors, rowOf(index, row), 25));
    }
  });
});

describe('a build', () => {
  const vectors = musicLikeVectors(1200, 30, 6);

  test('gives the same arrays for the same rows and seed, and others for another seed', () => {
    const index = buildTree(vectors, 30);
    expect(buildTree(vectors, 30)).toEqual(index);
    expect(buildTree(share(vectors), 30).codes).toEqual(index.codes);
    expect(buildTree(vectors, 30, { seed: 2 }).centres).not.toEqual(index.centres);
  });

  test('puts each row into one leaf', () => {
    const { leafStarts, leafRows, biases, parameters } = buildTree(vectors, 30, { leaves: 20 });
    const seen: number[] = [];
    for (let leaf = 0; leaf < parameters.leaves; leaf++) {
      const [start, end] = [32 * leafStarts[leaf], 32 * leafStarts[leaf + 1]];
      const inLeaf = [...leafRows.subarray(start, end)].filter((_, i) => biases[start + i] < Infinity);
      expect(end - start - inLeaf.length).toBeLessThan(32);
      expect(inLeaf).toEqual([...inLeaf].sort((a, b) => a - b));
      seen.push(...inLeaf);
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 1200 }, (_, row) => row));
  });

  test('takes a small part of what the matrix takes', () => {
    const {
      vectors: matrix,
      parameters: _,
      dimension,
      ...arrays
    } = buildTree(musicLikeVectors(4000, 140, 1), 140);
    const views = Object.values(arrays).filter((part) => ArrayBuffer.isView(part));
    const bytes = views.reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(dimension).toBe(140);
    expect(bytes / matrix.byteLength).toBeLessThan(0.2);
  });
});

test('searches go on without end in the room that a memory has for kernels', () => {
  const index = buildTree(musicLikeVectors(20_000, 8, 1), 8, { leavesSearched: 20, reRank: 10 });
  for (let k = 1; k <= 20_000; k += 997) {
    expect(treeNearestNeighbors(index, rowOf(index, 7), k).rows.length).toBe(k);
  }
});

test('finds the rows of the largest cosine where rows and query are normalised', () => {
  const dimension = 24;
  const vectors = musicLikeVectors(500, dimension, 9);
  vectors.fill(0, 0, dimension);
  const index = buildTree(normaliseRows(vectors, dimension), dimension, {
    leaves: 10,
    leavesSearched: 10,
    reRank: 500,
  });
  const query = musicLikeVectors(1, dimension, 10);
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const cosines = Array.from({ length: 500 }, (_, row) => {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    return {
      row,
      cosine: row === 0 ? 0.5 : dot(vector, query) / Math.sqrt(dot(vector, vector) * dot(query, query)),
    };
  });
  // A row of zeros is at distance 1 from all others: as far as one of cosine 0.5.
  const expected = cosines.sort((a, b) => b.cosine - a.cosine).map(({ row }) => row);
  expect([...treeNearestNeighbors(index, normaliseRows(query, dimension), 500).rows]).toEqual(expected);
});

test('the order of the rows does not matter to a search of all leaves', () => {
  const [rows, dimension] = [400, 12];
  const vectors = musicLikeVectors(rows, dimension, 11);
  const reversed = Float32Array.from(vectors, (_, i) => {
    const row = rows - 1 - Math.floor(i / dimension);
    return vectors[row * dimension + (i % dimension)];
  });
  const given = { leaves: 9, leavesSearched: 9, reRank: rows };
  const [forth, back] = [vectors, reversed].map((held) => buildTree(held, dimension, given));
  for (let row = 0; row < rows; row += 23) {
    const found = treeNearestNeighbors(back, rowOf(forth, row), 15);
    const turned = found.rows.map((other) => rows - 1 - other);
    expect({ ...found, rows: turned }).toEqual(treeNearestNeighbors(forth, rowOf(forth, row), 15));
  }
});
