import { GROUP } from './code-kernel.ts';
import type { SampleQuery } from './sample-queries.ts';
import type { TreeIndex } from './tree-index.ts';
import { MAXIMUM_RERANK } from './tree-index.ts';
import { TreeScanner } from './tree-scan.ts';

/** The leaves' share of the misses. Scanning a leaf costs as much as ranking some six rows more. */
const LEAVES_SHARE = 0.75;

/**
 * The fewest leaves and the fewest rows to re-rank with which the index finds a share of the nearest neighbours of
 * the queries of a sample.
 *
 * @param leavesSearched To count the rows only.
 */
export function calibrateTree(
  index: TreeIndex,
  sample: SampleQuery[],
  recall: number,
  leavesSearched?: number,
): { leavesSearched: number; reRank: number } {
  const { vectors, dimension, parameters } = index;
  const rows = vectors.length / dimension;
  const scanner = new TreeScanner(index);
  const leafOf = leavesOf(index);
  const leaves =
    leavesSearched ??
    quantile(
      sample.flatMap(({ query, neighbours }) => {
        const distances = scanner.leafDistances(query).slice(0, parameters.leaves);
        return Array.from(neighbours, (row) => rankOf(distances, distances[leafOf[row]]));
      }),
      1 - LEAVES_SHARE * (1 - recall),
    );
  const ranks = sample.flatMap(({ query, neighbours }) => {
    const found = scanner.scan(query, leaves, Math.min(rows, MAXIMUM_RERANK));
    const scores = Float32Array.from({ length: found }, (_, place) => scanner.scoreAt(place));
    const placeOf = new Map(Array.from(scores, (_, place) => [scanner.rowAt(place), place]));
    return Array.from(neighbours, (row) => {
      const place = placeOf.get(row);
      return place === undefined ? rows : rankOf(scores, scores[place]);
    });
  });
  return { leavesSearched: leaves, reRank: quantile(ranks, recall) };
}

/** The leaf of each row. */
function leavesOf({ parameters, leafStarts, leafRows, biases }: TreeIndex): Uint32Array {
  const leafOf = new Uint32Array(leafRows.length);
  for (let leaf = 0; leaf < parameters.leaves; leaf++) {
    const [start, end] = [leafStarts[leaf], leafStarts[leaf + 1]].map((groups) => groups * GROUP);
    for (let i = start; i < end; i++) if (biases[i] < Number.POSITIVE_INFINITY) leafOf[leafRows[i]] = leaf;
  }
  return leafOf;
}

/** How many values there are up to this one. */
function rankOf(values: Float32Array, value: number): number {
  let rank = 0;
  for (const other of values) if (other <= value) rank++;
  return rank;
}

function quantile(values: number[], share: number): number {
  values.sort((a, b) => a - b);
  return values[Math.ceil(values.length * share) - 1] ?? 1;
}
