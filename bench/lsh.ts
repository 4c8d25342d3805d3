/**
 * How LSH grows with the rows: its speed at recall@10 of 0.95 beside the exact scan and, in the same run, faiss's
 * IndexLSH with an exact re-rank. k = 10; one query at a time; Euclidean.
 *
 *     taskset -c 0 npx tsx bench/lsh.ts FOLDER DIMENSION [--python PYTHON] ROWS ...
 *
 * FOLDER has base.f32 and queries.f32, raw little-endian float32 (bench/peers/search_vectors.py writes such; for the cosine, vectors
 * of length 1). For each number of ROWS the first so many are searched. PYTHON is an interpreter that has what
 * bench/peers/faiss_lsh.py needs. Best of the rounds; seconds are of processor time, so that other programs on the
 * machine count little. Prints a table, then JSON.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exactNearestNeighbors, exactNearestNeighborsBatch } from '../src/search/exact.ts';
import { approxNearestNeighbors } from '../src/search/lsh.ts';
import { buildLsh } from '../src/search/lsh-build.ts';
import { LshScanner } from '../src/search/lsh-scan.ts';
import { allocateFloats } from '../src/wasm/shared-memory.ts';
import { processorSeconds } from './processor-seconds.ts';

const QUERIES = 500;
/** Queries that the exact scan answers. */
const FEW = 20;
const K = 10;
const ROUNDS = 3;
const RECALL = 0.95;

const { values, positionals } = parseArgs({
  options: { python: { type: 'string' } },
  allowPositionals: true,
});
const [folder, ...numbers] = positionals;
const [dimension, ...sizes] = numbers.map(Number);

function readRows(name: string, count: number): Float32Array {
  const bytes = readFileSync(join(folder, name)).subarray(0, 4 * count * dimension);
  const rows = allocateFloats(bytes.length / 4);
  new Uint8Array(rows.buffer).set(bytes);
  return rows;
}

const asked = readRows('queries.f32', QUERIES);
const queries = Array.from({ length: asked.length / dimension }, (_, i) =>
  asked.slice(i * dimension, (i + 1) * dimension),
);

function measure(rows: number) {
  const vectors = readRows('base.f32', rows);
  const truth = exactNearestNeighborsBatch(vectors, dimension, asked, K).map((found) => found.rows);
  writeFileSync(join(folder, 'truth.u32'), Uint32Array.from(truth.flatMap((found) => [...found])));
  const { result: index, seconds: build } = processorSeconds(() => buildLsh(vectors, dimension));
  const { vectors: _, dimension: _d, parameters, ...arrays } = index;
  const bytes = Object.values(arrays).reduce((sum, { byteLength }) => sum + byteLength, 0);

  let seconds = Number.POSITIVE_INFINITY;
  let recall = 0;
  const search = () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { result, seconds: taken } = processorSeconds(() =>
        queries.map((query) => approxNearestNeighbors(index, query, K)),
      );
      seconds = Math.min(seconds, taken / queries.length);
      const hits = result.map(({ rows: found }, i) => found.filter((row) => truth[i].includes(row)).length);
      recall = hits.reduce((sum, hit) => sum + hit, 0) / queries.length / K;
    }
  };
  // Before and after the peer, for neither to have the quieter time.
  search();
  const peer = values.python && askPeer(values.python, rows);
  search();
  const exact = processorSeconds(() =>
    queries.slice(0, FEW).map((query) => exactNearestNeighbors(vectors, query, K)),
  );
  const scanner = new LshScanner(index);
  const candidates = queries.map((query) => {
    scanner.scan(query, parameters.probes, parameters.reRank);
    return scanner.scored;
  });
  return {
    rows,
    'lsh queries/s': Math.round(1 / seconds),
    'recall@10': Number(recall.toFixed(3)),
    'scored rows': Math.round(candidates.reduce((sum, count) => sum + count, 0) / candidates.length),
    hashes: parameters.numHashes,
    probes: parameters.probes,
    reRank: parameters.reRank,
    'build s': Number(build.toFixed(1)),
    'index bytes / matrix': Number((1 + bytes / vectors.byteLength).toFixed(2)),
    'exact queries/s': Math.round(FEW / exact.seconds),
    ...(peer
      ? { 'faiss LSH queries/s': peer['queries/s'], 'its recall': peer.recall, 'its setting': peer.setting }
      : {}),
  };
}

function askPeer(python: string, rows: number) {
  const script = join(import.meta.dirname, 'peers', 'faiss_lsh.py');
  const answer = execFileSync(python, [script, folder, String(dimension), String(rows), String(RECALL)]);
  return JSON.parse(answer.toString()) as { 'queries/s': number; recall: number; setting: string } | null;
}

const results = sizes.map(measure);
console.table(results);
console.log(JSON.stringify({ folder, dimension, queries: queries.length, k: K, results }));
