import { allocateFloats } from '../wasm/shared-memory.ts';
import { evenlySpread } from './evenly-spread.ts';
import { gatherRows } from './gather-rows.ts';
import { layOut, placeAmong } from './map-forces.ts';
import { nearestGraph, symmetricEdges } from './map-graph.ts';
import { createRandom } from './random.ts';
import { rotator, rowOfRank } from './rotation.ts';
import { buildTree } from './tree-build.ts';
import { componentsOf, type TreeIndex } from './tree-index.ts';

/** Rows that are laid out by their own graph, at most: two minutes of one processor. */
const LANDMARKS = 2 ** 18;

/** Turns of the gradient descent: umap-learn's number for up to 10,000 rows, then fewer, for it to end in a minute. */
const EPOCHS = { most: 500, least: 100, rows: 5_000_000 };

/** The same for rows that find their places among others. */
const PLACING_EPOCHS = 30;

/** Half the width of the layout at its start, in its own units (umap-learn's). */
const START = 10;

/** Where the rows of a segment lie in the picture of the collection. */
export interface MapLayout {
  /** From 0 to 1, a row. */
  x: Float32Array;
  y: Float32Array;
  /** What 1 is in the units of the layout, for rows that are added later. */
  span: number;
}

/**
 * A picture of all rows in which alike ones lie together: UMAP (McInnes et al. 2018), from 262,145 rows on of as many,
 * evenly spread, among which the others are placed. The same rows and seed give the same bits on every machine: only
 * operations that IEEE 754 rounds everywhere alike, in a fixed order.
 *
 * @param tree Of all rows; at least one.
 * @param most Rows that are not placed among others, by default 262,144.
 */
export function mapLayout(tree: TreeIndex, seed: number, most = LANDMARKS): MapLayout {
  const { vectors, dimension } = tree;
  const rows = vectors.length / dimension;
  const random = createRandom(seed);
  const chosen = evenlySpread(rows, most);
  const landmarks = chosen.length === rows ? tree : treeOf(vectors, dimension, chosen, seed);
  const fixed = principalPlane(landmarks);
  if (chosen.length > 1) {
    const edges = symmetricEdges(nearestGraph(landmarks, landmarks.vectors, true));
    const epochs = Math.round(EPOCHS.rows / chosen.length);
    layOut(fixed, edges, Math.max(EPOCHS.least, Math.min(EPOCHS.most, epochs)), random);
  }
  if (chosen.length === rows) return fitted(fixed);
  const placed = placeAmong(fixed, nearestGraph(landmarks, vectors, false), PLACING_EPOCHS, random);
  chosen.forEach((row, i) => {
    placed.set(fixed.subarray(2 * i, 2 * i + 2), 2 * row);
  });
  return fitted(placed);
}

/**
 * Places rows in a picture that is there already, each among the rows that it is most like.
 *
 * @param base The rows that are in it.
 * @param vectors Float32Array, rows × dimension, row-major.
 */
export function placeOnMap(
  base: { tree: TreeIndex; map: MapLayout },
  vectors: Float32Array,
  seed: number,
): MapLayout {
  const { x, y, span } = base.map;
  const fixed = new Float64Array(2 * x.length);
  for (let row = 0; row < x.length; row++) {
    fixed[2 * row] = x[row] * span;
    fixed[2 * row + 1] = y[row] * span;
  }
  const graph = nearestGraph(base.tree, vectors, false);
  const placed = placeAmong(fixed, graph, PLACING_EPOCHS, createRandom(seed));
  const inside = (value: number) => Math.min(1, Math.max(0, value / span));
  return { ...columnsOf(placed, inside, inside), span };
}

/** A tree of some rows alone, which finds the nearest of these faster than that of all rows could. */
function treeOf(
  vectors: Float32Array,
  dimension: number,
  chosen: readonly number[],
  seed: number,
): TreeIndex {
  const own = gatherRows(vectors, dimension, chosen, allocateFloats(chosen.length * dimension));
  return buildTree(own, dimension, { seed });
}

/** The rows in the plane of their first two principal components, which keeps the whole in order (Kobak, Linderman 2021). */
function principalPlane(tree: TreeIndex): Float64Array {
  const { vectors, dimension } = tree;
  const rotate = rotator(tree);
  const second = rowOfRank(1, componentsOf(tree));
  const plane = new Float64Array((2 * vectors.length) / dimension);
  let largest = 0;
  for (let row = 0; row < plane.length / 2; row++) {
    const components = rotate(vectors.subarray(row * dimension, (row + 1) * dimension));
    plane[2 * row] = components[0];
    plane[2 * row + 1] = components[second];
    largest = Math.max(largest, Math.abs(components[0]), Math.abs(components[second]));
  }
  return plane.map((value) => (largest > 0 ? (value / largest) * START : 0));
}

/** Into the unit square, in its middle, both axes at one scale. */
function fitted(positions: Float64Array): MapLayout {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const most = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  positions.forEach((value, i) => {
    least[i % 2] = Math.min(least[i % 2], value);
    most[i % 2] = Math.max(most[i % 2], value);
  });
  const span = Math.max(most[0] - least[0], most[1] - least[1]) || 1;
  const into = (axis: number) => (value: number) => 0.5 + (value - (least[axis] + most[axis]) / 2) / span;
  return { ...columnsOf(positions, into(0), into(1)), span };
}

function columnsOf(
  positions: Float64Array,
  toX: (value: number) => number,
  toY: (value: number) => number,
): { x: Float32Array; y: Float32Array } {
  const rows = positions.length / 2;
  return {
    x: Float32Array.from({ length: rows }, (_, row) => toX(positions[2 * row])),
    y: Float32Array.from({ length: rows }, (_, row) => toY(positions[2 * row + 1])),
  };
}
