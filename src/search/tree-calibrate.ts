import { GROUP } from './code-kernel.ts';
import { evenlySpread } from './evenly-spread.ts';
import { leastRank } from './least-rank.ts';
import { BLOCK } from './product-quantiser.ts';
import type { SampleQuery } from './sample-queries.ts';
import type { TreeIndex, TreeParameters } from './tree-index.ts';
import { componentsOf, EVERY_LEAF, MAXIMUM_RERANK } from './tree-index.ts';
import { type TreeScanner, treeScannerOf } from './tree-scan.ts';

/** Shares of the misses that leaves may have, the codes and what is for safety having the others. */
const LEAVES_SHARES = [0.1, 0.25, 0.4, 0.6];

/** Scores that are listed to rank a neighbour's; more only where it is not among them. */
const LISTED = 1024;

/**
 * What searching costs, in nanoseconds: per leaf; per row and block of a leaf; per row re-ranked, which is mostly missing
 * from the caches, and per value of it. Measured on an EPYC of 2023. Constants, since an index has the same bytes everywhere.
 */
const LEAF_COST = 100;
const CODE_COST = 0.045;
const ROW_COST = 100;
const VALUE_COST = 1.2;

/** Queries that tell how many leaves are within a reach. */
export const REACH_QUERIES = 200;

/** How far queries look, and what they re-rank. */
export type TreeSetting = Pick<TreeParameters, 'reach' | 'leavesSearched' | 'reRank'>;

/**
 * The cheapest of the settings with which the index finds a share of the nearest neighbours of queries like those of
 * a sample: the more leaves are searched, the fewer rows have to be re-ranked.
 *
 * @param leavesSearched On average, to count the rows only.
 */
export function calibrateTree(
  index: TreeIndex,
  sample: SampleQuery[],
  recall: number,
  leavesSearched?: number,
): TreeSetting {
  const scanner = treeScannerOf(index);
  const tried = (reach: number) => settingWith(index, scanner, sample, recall, reach);
  if (leavesSearched !== undefined) {
    const queries = evenlySpread(sample.length, REACH_QUERIES).map((i) => sample[i].query);
    return tried(reachFor(index, queries, leavesSearched)).setting;
  }
  const leafOf = leavesOf(index);
  const taken = sample.flatMap(({ query, neighbours }) => {
    const reaches = scanner.leafReaches(query);
    return Array.from(neighbours, (row) => reaches[leafOf[row]]);
  });
  return LEAVES_SHARES.map((share) => tried(quantile(taken, 1 - share * (1 - recall)))).reduce(
    (best, other) => (other.cost < best.cost ? other : best),
  ).setting;
}

/** The reach with which queries look at so many leaves on average. */
export function reachFor(index: TreeIndex, queries: Float32Array[], leavesSearched: number): number {
  const { leaves } = index.parameters;
  if (leavesSearched >= leaves) return EVERY_LEAF;
  const scanner = treeScannerOf(index);
  const reaches = queries.flatMap((query) => Array.from(scanner.leafReaches(query)));
  return quantile(reaches, leavesSearched / leaves);
}

/** The setting with a reach, and what a query costs with it. */
function settingWith(
  index: TreeIndex,
  scanner: TreeScanner,
  sample: SampleQuery[],
  recall: number,
  reach: number,
) {
  const { vectors, dimension } = index;
  let [leaves, places] = [0, 0];
  const ranks = sample.map((query) => {
    const found = scoreRanks(scanner, query, reach);
    const looked = scanner.lookedAt();
    leaves += looked.leaves;
    places += looked.places;
    return found;
  });
  const queries = Math.max(1, sample.length);
  const reRank = Math.min(vectors.length / dimension, leastRank(ranks, recall));
  return {
    setting: { reach, leavesSearched: Math.max(1, Math.round(leaves / queries)), reRank },
    cost: nanosecondsOf(index, leaves / queries, places / queries, reRank),
  };
}

/** What a query takes that looks at so many leaves and places in them, and re-ranks so many rows. */
export function nanosecondsOf(index: TreeIndex, leaves: number, places: number, reRank: number): number {
  const blocks = componentsOf(index) / BLOCK;
  const looking = leaves * LEAF_COST + places * blocks * CODE_COST;
  return looking + reRank * (ROW_COST + VALUE_COST * index.dimension);
}

/** For each of the neighbours of a query how many rows score as well; infinite where it is in no leaf searched. */
function scoreRanks(
  scanner: TreeScanner,
  { query, neighbours }: SampleQuery,
  reach: number,
  listed = LISTED,
): number[] {
  const found = scanner.scan(query, { reach, wanted: listed });
  const scores = new Float32Array(found);
  const placeOf = new Map(Array.from(neighbours, (row) => [row, -1]));
  for (let place = 0; place < found; place++) {
    scores[place] = scanner.scoreAt(place);
    const row = scanner.rowAt(place);
    if (placeOf.has(row)) placeOf.set(row, place);
  }
  const places = Array.from(placeOf.values());
  if (found === listed && listed < MAXIMUM_RERANK && places.includes(-1)) {
    return scoreRanks(scanner, { query, neighbours }, reach, MAXIMUM_RERANK);
  }
  return places.map((place) => (place < 0 ? Number.POSITIVE_INFINITY : rankOf(scores, scores[place])));
}

/** The leaf of each row. */
export function leavesOf(index: TreeIndex): Uint32Array {
  const { vectors, dimension, parameters, leafStarts, leafRows, biases } = index;
  const leafOf = new Uint32Array(vectors.length / dimension);
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
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.ceil(sorted.length * share) - 1] ?? EVERY_LEAF;
}
