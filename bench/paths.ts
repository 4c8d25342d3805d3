/**
 * Paths over generated vectors (test/search/music-like.ts): their largest step, beside other ways to make one, and
 * their time.
 *
 *     npx tsx bench/paths.ts [ROWS] [DIMENSION]
 *
 * 155,000 rows of 336 values by default, searched by the tree; ten pairs of random rows. `line`: the row, not taken yet,
 * that is nearest to each of the points evenly set on the straight line. `graph`: the cheapest way (Dijkstra 1959) by
 * squared distances over each row's 16 nearest, from both ends until they meet; it takes the steps it needs, not those
 * asked for. A step is given relative to the distance of the two rows divided by the steps. Times are of the wall clock,
 * searches on two threads, medians over the pairs. Prints a table, then JSON.
 */
import { findPath } from '../src/recommend/path.ts';
import type { SearchSpace } from '../src/recommend/search-spaces.ts';
import { squaredDistance } from '../src/search/distance.ts';
import { createRandom } from '../src/search/random.ts';
import type { SearchedSegment } from '../src/search/search.ts';
import { createSearchPool } from '../src/search/search-pool.ts';
import { treeNearestNeighbors } from '../src/search/tree.ts';
import { buildTree } from '../src/search/tree-build.ts';
import { generateSearchData } from './search-data.ts';

const PAIRS = 10;
const DEGREE = 16;
/** Rows that the graph search settles at most. */
const MOST_SETTLED = 4000;

const [rows = 155_000, dimension = 336] = process.argv.slice(2).map(Number);
const { vectors } = generateSearchData(rows, dimension, 1);
const tree = buildTree(vectors, dimension, { seed: 1 });
const pool = createSearchPool(2);
const searched = { header: { dimension }, vectors, tree } as SearchedSegment;
const vectorOfRow = (row: number) => vectors.subarray(row * dimension, (row + 1) * dimension);
const space: SearchSpace = {
  vectorOfRow,
  vectorOfSound: () => {
    throw new Error('no sound is asked about');
  },
  search: (query, k, method, choice) => pool.run('searchSegment', searched, query, { k, method, ...choice }),
};
const distance = (a: number, b: number) => Math.sqrt(squaredDistance(vectors, a * dimension, vectorOfRow(b)));

function alongLine(from: number, to: number, steps: number): number[] {
  const [a, b] = [vectorOfRow(from), vectorOfRow(to)];
  const path = [from];
  for (let i = 1; i < steps; i++) {
    const point = a.map((value, j) => value + (i / steps) * (b[j]! - value));
    path.push(treeNearestNeighbors(tree, point, 1, { excludeRows: [...path, to] }).rows[0]!);
  }
  return [...path, to];
}

/** From both ends in turns; the cheapest row that both have reached. */
function throughGraph(from: number, to: number): number[] | null {
  const sides = [from, to].map((start) => ({
    costs: new Map([[start, 0]]),
    before: new Map<number, number>(),
    open: new Set([start]),
    settled: new Set<number>(),
  }));
  for (let turn = 0; turn < MOST_SETTLED; turn++) {
    const side = sides[turn % 2]!;
    const other = sides[1 - (turn % 2)]!;
    let row = -1;
    for (const open of side.open) if (row < 0 || side.costs.get(open)! < side.costs.get(row)!) row = open;
    if (row < 0) return null;
    side.open.delete(row);
    side.settled.add(row);
    if (other.settled.has(row))
      return [...walk(sides[0]!.before, row).reverse(), ...walk(sides[1]!.before, row).slice(1)];
    for (const next of treeNearestNeighbors(tree, vectorOfRow(row), DEGREE, { excludeRows: [row] }).rows) {
      const cost = side.costs.get(row)! + distance(row, next) ** 2;
      if (side.settled.has(next) || cost >= (side.costs.get(next) ?? Number.POSITIVE_INFINITY)) continue;
      side.costs.set(next, cost);
      side.before.set(next, row);
      side.open.add(next);
    }
  }
  return null;
}

function walk(before: Map<number, number>, row: number): number[] {
  const path = [row];
  for (let at = before.get(row); at !== undefined; at = before.get(at)) path.push(at);
  return path;
}

const random = createRandom(11);
const pairs = Array.from({ length: PAIRS }, () =>
  [random, random].map((one) => Math.floor(rows * one.uniform())),
);
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function measure(
  way: string,
  asked: number | null,
  find: (from: number, to: number) => Promise<number[] | null>,
) {
  const results: { path: number[]; milliseconds: number }[] = [];
  for (const [from, to] of pairs as [number, number][]) {
    const start = performance.now();
    const path = await find(from, to);
    if (path) results.push({ path, milliseconds: performance.now() - start });
  }
  const relative = (path: number[], choose: (...steps: number[]) => number) => {
    const steps = path.slice(1).map((row, i) => distance(path[i]!, row));
    return (choose(...steps) * steps.length) / distance(path[0]!, path.at(-1)!);
  };
  const of = (values: number[]) => (values.length > 0 ? Number(median(values).toFixed(2)) : null);
  return {
    way,
    found: results.length,
    steps: asked ?? of(results.map(({ path }) => path.length - 1)),
    largestDistance: of(
      results.map(({ path }) => Math.max(...path.slice(1).map((row, i) => distance(path[i]!, row)))),
    ),
    largest: of(results.map(({ path }) => relative(path, Math.max))),
    smallest: of(results.map(({ path }) => relative(path, Math.min))),
    milliseconds: of(results.map(({ milliseconds }) => milliseconds)),
  };
}

const search = (from: number, to: number, steps: number) =>
  findPath({ from, to, steps, method: 'tree', rows, artistOf: () => null }, space, pool);
// Threads start, kernels compile.
for (let i = 0; i < 3; i++) await search(1, 2, 20);
const table = [await measure('graph', null, async (from, to) => throughGraph(from, to))];
for (const steps of [3, 8, 20]) {
  table.push(
    await measure('line', steps, async (from, to) => alongLine(from, to, steps)),
    await measure('path', steps, (from, to) => search(from, to, steps)),
  );
}
await pool.close();
console.table(table);
console.log(JSON.stringify({ rows, dimension, table }));
