import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nearestGraph, symmetricEdges } from '../../src/search/map-graph.ts';
import { type MapLayout, mapLayout, placeOnMap } from '../../src/search/map-layout.ts';
import { createRandom } from '../../src/search/random.ts';
import { buildTree } from '../../src/search/tree-build.ts';
import { allocateFloats } from '../../src/wasm/shared-memory.ts';
import { musicLikeVectors } from './music-like.ts';

const DIMENSION = 12;

/** Rows in groups far from each other, row i in group i mod `groups`. */
function grouped(rows: number, groups: number): Float32Array {
  const random = createRandom(3);
  const centres = Array.from({ length: groups * DIMENSION }, () => 6 * random.normal());
  const vectors = allocateFloats(rows * DIMENSION);
  for (let i = 0; i < vectors.length; i++) {
    const row = Math.floor(i / DIMENSION);
    vectors[i] = centres[(row % groups) * DIMENSION + (i % DIMENSION)] + random.normal();
  }
  return vectors;
}

const treeOf = (vectors: Float32Array, dimension = DIMENSION) => buildTree(vectors, dimension, { seed: 1 });

/** Share of rows whose nearest in the picture is of their own group. */
function togetherness({ x, y }: MapLayout, groups: number): number {
  let together = 0;
  for (let row = 0; row < x.length; row++) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < x.length; other++) {
      const square = (x[row] - x[other]) ** 2 + (y[row] - y[other]) ** 2;
      if (other === row || square >= least) continue;
      least = square;
      best = other;
    }
    if (best % groups === row % groups) together++;
  }
  return together / x.length;
}

const hashOf = ({ x, y }: MapLayout) => createHash('sha256').update(x).update(y).digest('hex').slice(0, 16);

describe('the graph of nearest rows', () => {
  const vectors = grouped(300, 5);
  const graph = nearestGraph(treeOf(vectors), vectors, true);

  test('joins each row surely to its nearest, and to all others log2 k together', () => {
    expect(graph.k).toBe(15);
    for (let row = 0; row < 300; row++) {
      const weights = graph.weights.subarray(row * 15, (row + 1) * 15);
      expect(weights[0]).toBe(1);
      expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(Math.log2(15), 4);
      expect([...weights]).toEqual([...weights].sort((a, b) => b - a));
      expect(graph.neighbours.subarray(row * 15, (row + 1) * 15)).not.toContain(row);
    }
  });

  test('becomes edges that are the same in both directions', () => {
    const { from, to, weights } = symmetricEdges(graph);
    const edges = new Map(Array.from(from, (row, i) => [`${row} ${to[i]}`, weights[i]]));
    expect(edges.size).toBe(from.length);
    for (const [key, weight] of edges) {
      expect(edges.get(key.split(' ').reverse().join(' '))).toBeCloseTo(weight, 12);
      expect(weight).toBeLessThanOrEqual(1);
    }
  });
});

describe('the map', () => {
  test('lays groups out apart, within the unit square, along one axis from end to end', () => {
    const map = mapLayout(treeOf(grouped(300, 5)), 1);
    expect(togetherness(map, 5)).toBeGreaterThan(0.99);
    const [x, y] = [map.x, map.y].map((values) => [Math.min(...values), Math.max(...values)]);
    expect(Math.max(x[1] - x[0], y[1] - y[0])).toBeCloseTo(1, 6);
    for (const end of [...x, ...y]) {
      expect(end).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(1);
    }
  });

  test('places most rows among fewer, each among those of its own group', () => {
    const map = mapLayout(treeOf(grouped(900, 5)), 1, 300);
    expect(togetherness(map, 5)).toBeGreaterThan(0.97);
  });

  test('has the same bytes on every machine', () => {
    const vectors = allocateFloats(500 * 24);
    vectors.set(musicLikeVectors(500, 24, 5));
    expect(hashOf(mapLayout(treeOf(vectors, 24), 1))).toBe('9990a04376057dbd');
  });

  test('takes rows that are added where they belong, and leaves the others alone', () => {
    const vectors = grouped(330, 5);
    const tree = treeOf(vectors.slice(0, 300 * DIMENSION));
    const map = mapLayout(tree, 1);
    const before = hashOf(map);
    const added = placeOnMap({ tree, map }, vectors.slice(300 * DIMENSION), 1);
    expect(hashOf(map)).toBe(before);
    expect(added.span).toBe(map.span);
    const joined = {
      x: Float32Array.from([...map.x, ...added.x]),
      y: Float32Array.from([...map.y, ...added.y]),
      span: map.span,
    };
    expect(togetherness(joined, 5)).toBeGreaterThan(0.99);
  });

  test('is there for one row, two rows, and rows that are all the same', () => {
    for (const rows of [1, 2, 40]) {
      const same = allocateFloats(rows * DIMENSION).fill(0.25);
      const { x, y, span } = mapLayout(treeOf(same), 1);
      expect(x.length).toBe(rows);
      for (const value of [...x, ...y, span]) expect(Number.isFinite(value)).toBe(true);
    }
    const alone = mapLayout(treeOf(allocateFloats(DIMENSION)), 1);
    expect([alone.x[0], alone.y[0]]).toEqual([0.5, 0.5]);
  });
});
