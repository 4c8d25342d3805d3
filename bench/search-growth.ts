/**
 * How the cost of a query by LSH and tree grows with the rows, at recall@10 of 0.95 by their defaults. k = 10; one query
 * at a time, none a row; Euclidean.
 *
 *     taskset -c 1 npx tsx bench/search-growth.ts FOLDER DIMENSION ROWS ...
 *
 * FOLDER has base.f32 and queries.f32, as bench/search-peers.ts keeps them. For each number of ROWS the first so many are
 * searched. Times are by the clock, the median of the queries, in the best of three rounds. Prints a table, then JSON.
 */
import { join } from 'node:path';
import { exactNearestNeighborsBatch } from '../src/search/exact.ts';
import { approxNearestNeighbors } from '../src/search/lsh.ts';
import { buildLsh } from '../src/search/lsh-build.ts';
import { LshScanner } from '../src/search/lsh-scan.ts';
import { treeNearestNeighbors } from '../src/search/tree.ts';
import { buildTree } from '../src/search/tree-build.ts';
import { TreeScanner } from '../src/search/tree-scan.ts';
import { processorSeconds } from './processor-seconds.ts';
import { readRows } from './search-data.ts';

const QUERIES = 500;
const K = 10;
const ROUNDS = 3;

const [folder, ...numbers] = process.argv.slice(2);
const [dimension, ...sizes] = numbers.map(Number);
const batch = readRows(join(folder, 'queries.f32'), dimension, QUERIES);
const queries = Array.from({ length: batch.length / dimension }, (_, i) =>
  batch.slice(i * dimension, (i + 1) * dimension),
);

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;

function measure(rows: number) {
  const vectors = readRows(join(folder, 'base.f32'), dimension, rows);
  const truth = exactNearestNeighborsBatch(vectors, dimension, batch, K).map((found) => found.rows);
  const lsh = processorSeconds(() => buildLsh(vectors, dimension));
  const tree = processorSeconds(() => buildTree(vectors, dimension));
  const lshScanner = new LshScanner(lsh.result);
  const treeScanner = new TreeScanner(tree.result);
  const { probes, reRank } = lsh.result.parameters;
  const ways = [
    {
      method: 'lsh',
      build: lsh.seconds,
      search: (query: Float32Array) => approxNearestNeighbors(lsh.result, query, K).rows,
      scored: (query: Float32Array) => {
        lshScanner.scan(query, probes, reRank);
        return lshScanner.scored;
      },
      reRanked: reRank,
    },
    {
      method: 'tree',
      build: tree.seconds,
      search: (query: Float32Array) => treeNearestNeighbors(tree.result, query, K).rows,
      scored: (query: Float32Array) => {
        treeScanner.scan(query, { reach: tree.result.parameters.reach, wanted: K });
        return treeScanner.lookedAt().places;
      },
      reRanked: tree.result.parameters.reRank,
    },
  ];
  return ways.map(({ method, build, search, scored, reRanked }) => {
    const found = queries.map(search);
    const hits = found.map((held, i) => held.filter((row) => truth[i].includes(row)).length);
    const rounds = Array.from({ length: ROUNDS }, () =>
      median(
        queries.map((query) => {
          const start = performance.now();
          search(query);
          return 1000 * (performance.now() - start);
        }),
      ),
    );
    return {
      method,
      rows,
      'recall@10': Number((mean(hits) / K).toFixed(3)),
      'median us': Number(Math.min(...rounds).toFixed(1)),
      'rows scored': Math.round(mean(queries.map(scored))),
      're-ranked': reRanked,
      'build s': Number(build.toFixed(1)),
    };
  });
}

const results = sizes.flatMap(measure).sort((a, b) => a.method.localeCompare(b.method));
console.table(results);
console.log(JSON.stringify({ folder, dimension, queries: queries.length, k: K, results }));
