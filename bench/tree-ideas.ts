/**
 * What two ideas of ScaNN give the tree: codes of the least anisotropic loss (Guo et al. 2020), and a second leaf a row
 * (SOAR, Sun et al. 2023). k = 10; Euclidean; one query at a time, none a row.
 *
 *     taskset -c 0 npx tsx bench/tree-ideas.ts DIMENSION FOLDER [ROWS]
 *
 * FOLDER has base.f32 and queries.f32, as bench/search-peers.ts keeps them; of the base the first ROWS are taken. For
 * each recall the reach and the places listed are those of the least work by the constants of `tree-calibrate.ts`, found
 * on the queries themselves, so that all ways have just that recall. Then they are timed, by the clock, in rounds that
 * take turns, of which the fastest counts. A search of two leaves a row re-ranks a row once. For 340,000 rows it takes
 * some minutes. Prints a table, then JSON.
 */
import { basename, join } from 'node:path';
import { exactNearestNeighborsBatch } from '../src/search/exact.ts';
import { NearestRows } from '../src/search/nearest.ts';
import { RowFilter } from '../src/search/row-filter.ts';
import { buildTree } from '../src/search/tree-build.ts';
import { nanosecondsOf } from '../src/search/tree-calibrate.ts';
import type { TreeIndex } from '../src/search/tree-index.ts';
import { TreeScanner } from '../src/search/tree-scan.ts';
import { reachesOf, scanAll } from './count-places.ts';
import { decode, recode, secondLeaves } from './recode-tree.ts';
import { readRows } from './search-data.ts';

const QUERIES = 500;
const K = 10;
const RECALLS = [0.9, 0.95, 0.99];
const ROUNDS = 25;

/**
 * What is compared: leaves, in those that a tree has by default; η, what an error along the row counts in the same error
 * across it; λ, what the part of the second residual along the first counts.
 */
const IDEAS: { name: string; leaves: number; eta?: number; lambda?: number }[] = [
  { name: 'today', leaves: 1 },
  { name: 'anisotropic, η = 2', leaves: 1, eta: 2 },
  { name: 'anisotropic, η = 4', leaves: 1, eta: 4 },
  { name: 'SOAR, λ = 1', leaves: 1, lambda: 1 },
  { name: 'twice the leaves', leaves: 2 },
  { name: 'twice the leaves, SOAR, λ = 1', leaves: 2, lambda: 1 },
];

/** Shares of the misses that leaves may have, the codes having the others. */
const LEAVES_SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75];
/** Places listed at most. */
const LISTED = 2000;
/** A power of two, several times as many as are listed. */
const HASHES = 8192;

/** An index, and whether rows are in it twice. */
interface Scanned {
  scanner: TreeScanner;
  isTwice: boolean;
}

interface Way extends Scanned {
  name: string;
  recall: number;
  /** What is `wanted` are places, of which two may be of one row. */
  setting: { reach: number; wanted: number };
  /** Leaves of a query, places in them, which are scored, and rows re-ranked: means of all. */
  leaves: number;
  scored: number;
  reRanked: number;
  /** Microseconds of a query: by the constants, and by the clock, of each round. */
  work: number;
  clock: number[];
}

const dimension = Number(process.argv[2]);
const folder = process.argv[3];
const most = Number(process.argv[4] ?? Number.POSITIVE_INFINITY);
const vectors = readRows(join(folder, 'base.f32'), dimension, most);
const rows = vectors.length / dimension;
const batch = readRows(join(folder, 'queries.f32'), dimension, QUERIES);
const queries = Array.from({ length: batch.length / dimension }, (_, i) =>
  batch.slice(i * dimension, (i + 1) * dimension),
);
const truth = exactNearestNeighborsBatch(vectors, dimension, batch, K).map((found) => found.rows);

const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;

const filter = new RowFilter(vectors, dimension);
const listed = new Uint32Array(LISTED);
/** The rows of a query by their hashes, and the number of the query: a set that nothing has to clear. */
const hashed = { rows: new Uint32Array(HASHES), queries: new Uint32Array(HASHES), asked: 0 };

function isNew(row: number): boolean {
  let place = Math.imul(row, 0x9e3779b1) >>> Math.clz32(HASHES - 1);
  for (; hashed.queries[place] === hashed.asked; place = (place + 1) % HASHES) {
    if (hashed.rows[place] === row) return false;
  }
  hashed.queries[place] = hashed.asked;
  hashed.rows[place] = row;
  return true;
}

/** Fills `listed`, each row once, and returns how many they are. */
function list({ scanner, isTwice }: Scanned, query: Float32Array, setting: Way['setting']): number {
  const found = scanner.scan(query, setting);
  let count = 0;
  hashed.asked++;
  for (let place = 0; place < found; place++) {
    const row = scanner.rowAt(place);
    if (!isTwice || isNew(row)) listed[count++] = row;
  }
  return count;
}

function search(scanned: Scanned, query: Float32Array, setting: Way['setting']): Uint32Array {
  const count = list(scanned, query, setting);
  const nearest = new NearestRows(K);
  for (let from = 0; from < count; from += filter.capacity) {
    const part = listed.subarray(from, Math.min(count, from + filter.capacity));
    filter.rows.set(part);
    filter.loadRows(part.length);
    filter.offerAllTo(nearest, query, {});
  }
  return nearest.sorted().rows;
}

/** For each recall the setting of the least work. */
function waysOf(name: string, index: TreeIndex, leavesOf: Uint32Array[]): Way[] {
  const scanned = { scanner: new TreeScanner(index), isTwice: leavesOf.length > 1 };
  const taken = reachesOf(scanned.scanner, leavesOf, queries, truth);
  return RECALLS.map((recall) =>
    LEAVES_SHARES.map((share): Way => {
      const reach = taken[Math.ceil((1 - share * (1 - recall)) * taken.length) - 1];
      const { places, leaves, scored } = scanAll(scanned.scanner, { reach, wanted: LISTED }, queries, truth);
      const setting = { reach, wanted: places[Math.ceil(recall * places.length) - 1] };
      const isListed = setting.wanted <= LISTED;
      const reRanked = isListed
        ? mean(queries.map((query) => list(scanned, query, setting)))
        : Number.POSITIVE_INFINITY;
      const work = nanosecondsOf(index, leaves, scored, reRanked) / 1000;
      return { name, recall, ...scanned, setting, leaves, scored, reRanked, work, clock: [] };
    }).reduce((best, other) => (other.work < best.work ? other : best)),
  );
}

const trees = new Map<number, { tree: TreeIndex } & ReturnType<typeof decode>>();
const ways = IDEAS.flatMap(({ name, leaves, eta, lambda }) => {
  if (!trees.has(leaves)) {
    const setting = { leaves: Math.round(2 * leaves * Math.sqrt(rows)), leavesSearched: 1, reRank: 1 };
    const tree = buildTree(vectors, dimension, setting);
    trees.set(leaves, { tree, ...decode(tree) });
  }
  const { tree, components, leafOf } = trees.get(leaves)!;
  const leavesOf = [
    leafOf,
    ...(lambda === undefined ? [] : [secondLeaves(tree, components, leafOf, lambda)]),
  ];
  // Today's codes, too, so that all indexes lie in memory alike.
  return waysOf(name, recode(tree, components, leavesOf, eta), leavesOf);
});

for (let round = 0; round < ROUNDS; round++) {
  for (const way of ways) {
    const start = performance.now();
    for (const query of queries) search(way, query, way.setting);
    way.clock.push((1000 * (performance.now() - start)) / queries.length);
  }
}
const results = ways.map(({ name, setting, ...way }) => {
  const today = ways.find(({ recall }) => recall === way.recall)!;
  const hits = queries.map(
    (query, i) => search(way, query, setting).filter((row) => truth[i].includes(row)).length,
  );
  return {
    idea: name,
    recall: Number((mean(hits) / K).toFixed(3)),
    leaves: Number(way.leaves.toFixed(1)),
    scored: Math.round(way.scored),
    're-ranked': Math.round(way.reRanked),
    'work, us': Number(way.work.toFixed(1)),
    ratio: Number((way.work / today.work).toFixed(2)),
    'clock, us': Number(Math.min(...way.clock).toFixed(1)),
    'ratio by clock': Number((Math.min(...way.clock) / Math.min(...today.clock)).toFixed(2)),
  };
});
console.log(`${basename(folder)}: ${rows} × ${dimension}`);
console.table(results);
console.log(
  JSON.stringify({ set: basename(folder), rows, dimension, k: K, queries: queries.length, results }),
);
