/**
 * Speed and recall@10 of each method where only some rows are accepted, over generated vectors (bench/search-data.ts).
 *
 *     taskset -c 0 npx tsx bench/filtered.ts [ROWS] [DIMENSION]
 *
 * 100,000 × 140 by default; k = 10; 100 queries that are no rows, one by one, with one filter for all. Rows are accepted
 * at random, or those farthest from the first query. Recall is counted against the exact scan with the same filter. Each
 * method has three rounds, in turns, of which the fastest counts. Seconds are of processor time. Prints a table, then JSON.
 */
import { exactNearestNeighbors } from '../src/search/exact.ts';
import { approxNearestNeighbors } from '../src/search/lsh.ts';
import { buildLsh } from '../src/search/lsh-build.ts';
import type { Neighbours } from '../src/search/nearest.ts';
import { createRandom } from '../src/search/random.ts';
import { type RowChoice, rowSetOf } from '../src/search/row-set.ts';
import { treeNearestNeighbors } from '../src/search/tree.ts';
import { buildTree } from '../src/search/tree-build.ts';
import { processorSeconds } from './processor-seconds.ts';
import { generateSearchData } from './search-data.ts';

const QUERIES = 100;
const K = 10;
const ROUNDS = 3;
const SHARES = [0.5, 0.1, 0.01, 0.001];

const [rows = 100_000, dimension = 140] = process.argv.slice(2, 4).map(Number);
const { vectors, queries } = generateSearchData(rows, dimension, QUERIES);
const lsh = buildLsh(vectors, dimension);
const tree = buildTree(vectors, dimension);
const methods: Record<string, (query: Float32Array, choice: RowChoice) => Neighbours> = {
  exact: (query, choice) => exactNearestNeighbors(vectors, query, K, choice),
  lsh: (query, choice) => approxNearestNeighbors(lsh, query, K, choice),
  tree: (query, choice) => treeNearestNeighbors(tree, query, K, choice),
};

const random = createRandom(1);
const farthestLast = exactNearestNeighbors(vectors, queries[0]!, rows).rows;
const one = Math.floor(rows / 3);
const filters: [string, RowChoice][] = [
  ['none', {}],
  ['all rows', { accept: rowSetOf(rows, () => true) }],
  ...SHARES.flatMap((share): [string, RowChoice][] => {
    const farthest = new Set(farthestLast.subarray(Math.round((1 - share) * rows)));
    return [
      [`${100 * share} % at random`, { accept: rowSetOf(rows, () => random.uniform() < share) }],
      [`${100 * share} % farthest`, { accept: rowSetOf(rows, (row) => farthest.has(row)) }],
    ];
  }),
  ['one row', { accept: rowSetOf(rows, (row) => row === one) }],
];

const results = filters.map(([filter, choice]) => {
  const truth = queries.map((query) => methods.exact!(query, choice).rows);
  const sought = truth.reduce((sum, found) => sum + found.length, 0);
  const figures: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, search] of Object.entries(methods)) {
      const { result, seconds } = processorSeconds(() => queries.map((query) => search(query, choice)));
      const speed = Math.round(QUERIES / seconds);
      figures[`${name} queries/s`] = Math.max(speed, figures[`${name} queries/s`] ?? 0);
      if (name === 'exact') continue;
      const hits = result.map(({ rows: found }, i) => found.filter((row) => truth[i]!.includes(row)).length);
      figures[`${name} recall`] = Number((hits.reduce((a, b) => a + b) / sought).toFixed(3));
    }
  }
  return { filter, accepted: choice.accept?.count ?? rows, ...figures };
});
console.table(results);
console.log(JSON.stringify({ rows, dimension, k: K, lsh: lsh.parameters, tree: tree.parameters, results }));
