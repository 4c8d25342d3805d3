/**
 * Recall and speed of the LSH search against the exact one, over generated vectors (test/search/music-like.ts).
 *
 *     npx tsx bench/search.ts [rows ...]
 *
 * Rows are 1,000, 20,000 and 100,000 by default; the last needs 1 GB of memory and some minutes. Half of the 200
 * queries are rows of the index, half are new. Queries a second and build seconds are of processor time of this
 * process, not wall-clock time, so that other programs on the machine count little. Prints a table, then JSON.
 */

import { PRESETS } from '../src/audio/descriptors.ts';
import { exactNearestNeighbors } from '../src/search/exact.ts';
import { dimensionOf, layoutOf } from '../src/search/feature-vector.ts';
import { kmeans } from '../src/search/kmeans.ts';
import { approxNearestNeighbors } from '../src/search/lsh.ts';
import { buildLsh } from '../src/search/lsh-build.ts';
import { LshScanner } from '../src/search/lsh-scan.ts';
import type { Neighbours } from '../src/search/nearest.ts';
import { allocateShared } from '../src/wasm/shared-memory.ts';
import { musicLikeVectors } from '../test/search/music-like.ts';
import { processorSeconds } from './processor-seconds.ts';

const LAYOUT = layoutOf(PRESETS.default);

const QUERIES = 200;
const K = 10;
const DIMENSION = dimensionOf(LAYOUT);

interface Query {
  vector: Float32Array;
  excludeRows: number[];
}

function measure(rows: number) {
  const all = musicLikeVectors(rows + QUERIES, DIMENSION, 7);
  // Where a segment's vectors lie, too: in memory that kernels reach.
  const vectors = new Float32Array(allocateShared(4 * rows * DIMENSION).buffer, 0, rows * DIMENSION);
  vectors.set(all.subarray(0, vectors.length));
  const queries: Query[] = Array.from({ length: QUERIES }, (_, i) => {
    const row = i % 2 === 0 ? Math.floor((i * rows) / QUERIES) : undefined;
    const start = (row ?? rows + i) * DIMENSION;
    return { vector: all.subarray(start, start + DIMENSION), excludeRows: row === undefined ? [] : [row] };
  });
  const built = processorSeconds(() => buildLsh(vectors, DIMENSION));
  const index = built.result;
  const searchAll = (search: (query: Query) => Neighbours) => {
    queries.slice(0, 20).forEach(search);
    return processorSeconds(() => queries.map(search));
  };
  const exact = searchAll(({ vector, excludeRows }) =>
    exactNearestNeighbors(vectors, vector, K, { excludeRows }),
  );
  const lsh = searchAll(({ vector, excludeRows }) =>
    approxNearestNeighbors(index, vector, K, { excludeRows }),
  );
  const found = lsh.result.map(
    (neighbours, i) => neighbours.rows.filter((row) => exact.result[i].rows.includes(row)).length,
  );
  const scanner = new LshScanner(index);
  const candidates = queries.map(({ vector }) => {
    scanner.scan(vector, index.parameters.probes, index.parameters.reRank);
    return scanner.scored;
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    rows,
    'recall@10': Number((mean(found) / K).toFixed(3)),
    candidates: Math.round(mean(candidates)),
    'lsh queries/s': Math.round(QUERIES / lsh.seconds),
    'exact queries/s': Math.round(QUERIES / exact.seconds),
    hashes: index.parameters.numHashes,
    probes: index.parameters.probes,
    'lsh build s': Number(built.seconds.toFixed(1)),
    'k-means s': Number(processorSeconds(() => kmeans(vectors, DIMENSION)).seconds.toFixed(1)),
  };
}

const sizes = process.argv.slice(2).map(Number);
const results = (sizes.length > 0 ? sizes : [1_000, 20_000, 100_000]).map(measure);
console.table(results);
console.log(JSON.stringify({ data: 'generated', dimension: DIMENSION, queries: QUERIES, k: K, results }));
