import { exponential } from './exponential.ts';
import { treeNearestNeighbors } from './tree.ts';
import type { TreeIndex } from './tree-index.ts';

/** UMAP's n_neighbors, the row itself not counted. */
const NEIGHBOURS = 15;

/** Halvings in the search of a width; it is then known to one in a million. */
const HALVINGS = 24;

/** The least width, as a share of the mean distance (umap-learn's MIN_K_DIST_SCALE). */
const LEAST_WIDTH = 1e-3;

/** Rows, each with as many of its nearest among other rows, and how surely it is joined to each of them. */
export interface NearestGraph {
  /** Neighbours a row. */
  k: number;
  /** rows × k, row-major, the nearest first. */
  neighbours: Uint32Array;
  /** rows × k: the membership strengths of McInnes et al. 2018, definition 8; that of the nearest is 1. */
  weights: Float64Array;
}

/**
 * The nearest of an index's rows to each row of a matrix, with membership strengths.
 *
 * @param vectors Float32Array, rows × `index.dimension`, row-major.
 * @param areOwn Whether these are the index's rows themselves, none of which is then its own neighbour; there must be
 *   two at least.
 */
export function nearestGraph(index: TreeIndex, vectors: Float32Array, areOwn: boolean): NearestGraph {
  const { dimension } = index;
  const rows = vectors.length / dimension;
  const others = index.vectors.length / dimension - (areOwn ? 1 : 0);
  const k = Math.min(NEIGHBOURS, others);
  const neighbours = new Uint32Array(rows * k);
  const weights = new Float64Array(rows * k);
  const target = logarithmOfTwo(k);
  for (let row = 0; row < rows; row++) {
    const query = vectors.subarray(row * dimension, (row + 1) * dimension);
    const found = treeNearestNeighbors(index, query, k, areOwn ? { excludeRows: [row] } : {});
    neighbours.set(found.rows, row * k);
    strengthen(found.distances, target, weights.subarray(row * k, (row + 1) * k));
  }
  return { k, neighbours, weights };
}

/**
 * exp(-(distance - nearest) / width), the width such that they sum up to `target`: smooth_knn_dist of umap-learn 0.5,
 * with local_connectivity 1.
 */
function strengthen(distances: Float32Array, target: number, weights: Float64Array): void {
  const nearest = distances.find((distance) => distance > 0) ?? 0;
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  const weigh = (width: number): number => {
    let sum = 0;
    for (let i = 0; i < distances.length; i++) {
      const beyond = distances[i] - nearest;
      weights[i] = beyond <= 0 ? 1 : width > 0 ? exponential(-beyond / width) : 0;
      sum += weights[i];
    }
    return sum;
  };
  let low = 0;
  let high = mean;
  // Of equal distances no width is wide enough, nor is one needed.
  for (let i = 0; i < HALVINGS && weigh(high) < target; i++) high *= 2;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (weigh(middle) < target) low = middle;
    else high = middle;
  }
  weigh(Math.max(high, LEAST_WIDTH * mean));
}

/** log2 of a whole number from 1 on, by halvings, for the same reason as `exponential`. */
function logarithmOfTwo(k: number): number {
  let low = 0;
  let high = 32;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (k * exponential(-middle * Math.LN2) > 1) low = middle;
    else high = middle;
  }
  return high;
}

/** The edges of a graph of rows among themselves. Each stands here once in either direction. */
export interface Edges {
  from: Uint32Array;
  to: Uint32Array;
  weights: Float64Array;
}

/** The union of both directions, a + b - ab (McInnes et al. 2018, §3.1), in the order of rows and their neighbours. */
export function symmetricEdges({ k, neighbours, weights }: NearestGraph): Edges {
  const rows = k === 0 ? 0 : neighbours.length / k;
  const weightOf = (row: number, neighbour: number): number => {
    for (let i = row * k; i < (row + 1) * k; i++) if (neighbours[i] === neighbour) return weights[i];
    return 0;
  };
  const room = 2 * rows * k;
  const from = new Uint32Array(room);
  const to = new Uint32Array(room);
  const joint = new Float64Array(room);
  let count = 0;
  const add = (one: number, other: number, weight: number): void => {
    from[count] = one;
    to[count] = other;
    joint[count++] = weight;
  };
  for (let row = 0; row < rows; row++) {
    for (let i = row * k; i < (row + 1) * k; i++) {
      const other = neighbours[i];
      const back = weightOf(other, row);
      const weight = weights[i] + back - weights[i] * back;
      add(row, other, weight);
      // Where the other has this row for a neighbour, too, it adds its own direction.
      if (!neighboursOf(other).includes(row)) add(other, row, weight);
    }
  }
  return {
    from: from.subarray(0, count),
    to: to.subarray(0, count),
    weights: joint.subarray(0, count),
  };

  function neighboursOf(row: number): Uint32Array {
    return neighbours.subarray(row * k, (row + 1) * k);
  }
}
