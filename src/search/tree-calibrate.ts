import { GROUP } from './code-kernel.ts';
import { leastRank } from './least-rank.ts';
import { BLOCK } from './product-quantiser.ts';
import type { SampleQuery } from './sample-queries.ts';
import type { TreeIndex } from './tree-index.ts';
import { componentsOf, MAXIMUM_RERANK } from './tree-index.ts';
import { TreeScanner } from './tree-scan.ts';

/** Shares of the misses that leaves may have, the codes and what is for safety having the others. */
const LEAVES_SHARES = [0.1, 0.25, 0.4, 0.6];

/** Scores that are listed to rank a neighbour's; more only where it is not among them. */
const LISTED = 1024;

/**
 * What searching costs, in nanoseconds: per row and block of a leaf; per row re-ranked, which is mostly missing from
 * the caches, and per value of it. Measured on an EPYC of 2023. Constants, since an index has the same bytes everywhere.
 */
const CODE_COST = 0.08;
const ROW_COST = 100;
const VALUE_COST = 1.5;

/**
 * The cheapest of the settings with which the index finds a share of the nearest neighbours of queries like those of
 * a sample: the more leaves are searched, the fewer rows have to be re-ranked.
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
  const leafRanks = sample.flatMap(({ query, neighbours }) => {
    const distances = scanner.leafDistances(query).slice();
    return Array.from(neighbours, (row) => rankOf(distances, distances[leafOf[row]]));
  });
  const settingFor = (leaves: number) => {
    const ranks = sample.map((query) => scoreRanks(scanner, query, leaves));
    return { leavesSearched: leaves, reRank: Math.min(rows, leastRank(ranks, recall)) };
  };
  const leafCost = (CODE_COST * (rows / parameters.leaves) * componentsOf(index)) / BLOCK;
  const costOf = (setting: { leavesSearched: number; reRank: number }) =>
    setting.leavesSearched * leafCost + setting.reRank * (ROW_COST + VALUE_COST * dimension);
  const candidates =
    leavesSearched === undefined
      ? LEAVES_SHARES.map((share) => quantile(leafRanks, 1 - share * (1 - recall)))
      : [leavesSearched];
  return candidates.map(settingFor).reduce((best, other) => (costOf(other) < costOf(best) ? other : best));
}

/** For each of the neighbours of a query how many rows score as well; infinite where it is in no leaf searched. */
function scoreRanks(
  scanner: TreeScanner,
  { query, neighbours }: SampleQuery,
  leaves: number,
  listed = LISTED,
): number[] {
  const found = scanner.scan(query, { searched: leaves, wanted: listed });
  const scores = new Float32Array(found);
  const placeOf = new Map(Array.from(neighbours, (row) => [row, -1]));
  for (let place = 0; place < found; place++) {
    scores[place] = scanner.scoreAt(place);
    const row = scanner.rowAt(place);
    if (placeOf.has(row)) placeOf.set(row, place);
  }
  const places = Array.from(placeOf.values());
  if (found === listed && listed < MAXIMUM_RERANK && places.includes(-1)) {
    return scoreRanks(scanner, { query, neighbours }, leaves, MAXIMUM_RERANK);
  }
  return places.map((place) => (place < 0 ? Number.POSITIVE_INFINITY : rankOf(scores, scores[place])));
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
