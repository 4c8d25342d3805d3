/**
 * Speed of the exact scan, in float32 and over rows rounded beside the matrix, next to a plain scan in JavaScript and the
 * machine's memory, over generated vectors (test/search/music-like.ts). One thread; k = 10; 200 queries, none of them a
 * row. A batch with no rounded rows rounds each block itself.
 *
 *     npx tsx bench/exact-scan.ts ROWS DIMENSION [FOLDER]
 *
 * Each way is timed in five rounds that take turns, wall-clock; the best round counts, as other programs on the
 * machine only make it slower. FOLDER gets the matrix and the queries as raw float32, for bench/peers. Prints a
 * table, then JSON.
 */
import { squaredDistance } from '../src/search/distance.ts';
import { exactNearestNeighbors, exactNearestNeighborsBatch } from '../src/search/exact.ts';
import { NearestRows } from '../src/search/nearest.ts';
import { roundRows } from '../src/search/rounded-rows.ts';
import { readerOf } from './memory-bandwidth.ts';
import { generateSearchData } from './search-data.ts';

const QUERIES = 200;
const K = 10;
const ROUNDS = 5;

const [rows, dimension] = process.argv.slice(2, 4).map(Number);
const folder = process.argv[4];
const { vectors, batch, queries } = generateSearchData(rows, dimension, QUERIES, folder);

/** What the exact scan was before it had a kernel: each row in float64, ended early where it is too far. */
function plainScan(query: Float32Array) {
  const nearest = new NearestRows(K);
  for (let row = 0; row < rows; row++) {
    nearest.offer(row, squaredDistance(vectors, row * dimension, query, nearest.limit));
  }
  return nearest.sorted();
}

const begun = performance.now();
const rounded = roundRows(vectors, dimension);
const rounding = performance.now() - begun;

const readAll = readerOf(vectors);
const ways: Record<string, () => unknown> = {
  'plain JavaScript': () => queries.map(plainScan),
  'one by one': () => queries.map((query) => exactNearestNeighbors(vectors, query, K)),
  'one by one, rounded rows': () =>
    queries.map((query) => exactNearestNeighbors(vectors, query, K, {}, rounded)),
  batch: () => exactNearestNeighborsBatch(vectors, dimension, batch, K),
  'batch, rounded rows': () => exactNearestNeighborsBatch(vectors, dimension, batch, K, {}, rounded),
  'sum of the matrix': () => queries.forEach(readAll),
};
const best: Record<string, number> = {};
const answers: Record<string, string> = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const [way, run] of Object.entries(ways)) {
    const start = performance.now();
    const answer = run();
    best[way] = Math.min(best[way] ?? Number.POSITIVE_INFINITY, (performance.now() - start) / QUERIES);
    answers[way] = JSON.stringify(answer);
  }
}
const [plain, ...kernels] = Object.values(answers).slice(0, 5);
if (kernels.some((answer) => answer !== plain)) throw new Error('the answers differ');

const results = Object.entries(best).map(([way, milliseconds]) => ({
  way,
  'ms a query': Number(milliseconds.toFixed(2)),
  'queries/s': Math.round(1000 / milliseconds),
  'GB/s': Number((vectors.byteLength / milliseconds / 1e6).toFixed(1)),
}));
console.table(results);
console.log(`rounding: ${rounding.toFixed(0)} ms`);
console.log(
  JSON.stringify({ data: 'generated', rows, dimension, queries: QUERIES, k: K, rounding, results }),
);
