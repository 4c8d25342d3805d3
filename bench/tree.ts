/**
 * Speed of the tree at recall@10 of 0.90, 0.95 and 0.99 over generated vectors (test/search/music-like.ts), beside
 * the exact scan, LSH and, in the same run, other programs. k = 10; one query at a time; 1,000 queries, none a row.
 *
 *     taskset -c 0 npx tsx bench/tree.ts ROWS DIMENSION FOLDER [PYTHON]
 *
 * FOLDER gets the matrix, the queries and the truth as raw numbers. PYTHON is an interpreter that has what
 * bench/peers/tree_peers.py needs; it then searches in turn with this program. Each program searches with many settings
 * in each of three rounds; of the settings that reach a recall the fastest counts, and of its rounds the fastest.
 * Seconds are of processor time, so that other programs on the machine count little. Prints a table, then JSON.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exactNearestNeighbors, exactNearestNeighborsBatch } from '../src/search/exact.ts';
import { approxNearestNeighbors } from '../src/search/lsh.ts';
import { buildLsh } from '../src/search/lsh-build.ts';
import { sampleQueries } from '../src/search/sample-queries.ts';
import { treeNearestNeighbors } from '../src/search/tree.ts';
import { buildTree } from '../src/search/tree-build.ts';
import { calibrateTree } from '../src/search/tree-calibrate.ts';
import { processorSeconds } from './processor-seconds.ts';
import { generateSearchData } from './search-data.ts';

const QUERIES = 1000;
/** Queries that the slow ways answer: the exact scan and LSH. */
const FEW = 50;
const K = 10;
const ROUNDS = 3;
const RECALLS = [0.9, 0.95, 0.99];
/** What trees are calibrated for. */
const CALIBRATIONS = [
  0.88, 0.89, 0.9, 0.91, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997,
];

interface Answer {
  name: string;
  setting: string;
  recall: number;
  /** Of processor time, a query. */
  seconds: number;
}

const [rows, dimension] = process.argv.slice(2, 4).map(Number);
const [folder, python] = process.argv.slice(4);
const { vectors, batch, queries } = generateSearchData(rows, dimension, QUERIES, folder);
const truth = exactNearestNeighborsBatch(vectors, dimension, batch, K).map((found) => found.rows);
writeFileSync(join(folder, 'truth.u32'), Uint32Array.from(truth.flatMap((found) => [...found])));

const peers = python === undefined ? undefined : startPeers(python);
const builds: Record<string, number> = {};
for (let i = 0; peers && i < 3; i++) {
  const { name, seconds } = (await peers.answer()) as { name: string; seconds: number };
  builds[name] = Number(seconds.toFixed(1));
}
const built = processorSeconds(() => buildTree(vectors, dimension));
builds.tree = Number(built.seconds.toFixed(1));
const lsh = processorSeconds(() => buildLsh(vectors, dimension));
builds.LSH = Number(lsh.seconds.toFixed(1));

const sample = sampleQueries(vectors, dimension);
type Search = (query: Float32Array) => { rows: Uint32Array };
const ways: { name: string; setting: string; search: Search; count: number }[] = CALIBRATIONS.map(
  (recall) => {
    const { leavesSearched, reRank } = calibrateTree(built.result, sample, recall);
    const index = { ...built.result, parameters: { ...built.result.parameters, leavesSearched, reRank } };
    const setting = `leavesSearched=${leavesSearched} reRank=${reRank}`;
    return {
      name: 'tree',
      setting,
      search: (query) => treeNearestNeighbors(index, query, K),
      count: QUERIES,
    };
  },
);
ways.push(
  {
    name: 'LSH',
    setting: `probes=${lsh.result.parameters.probes}`,
    search: (query) => approxNearestNeighbors(lsh.result, query, K),
    count: FEW,
  },
  { name: 'exact', setting: '', search: (query) => exactNearestNeighbors(vectors, query, K), count: FEW },
);

function runOwn(): Answer[] {
  return ways.map(({ name, setting, search, count }) => {
    const { result, seconds } = processorSeconds(() => queries.slice(0, count).map(search));
    const hits = result.map(({ rows: found }, i) => found.filter((row) => truth[i].includes(row)).length);
    const recall = hits.reduce((sum, hit) => sum + hit, 0) / count / K;
    return { name, setting, recall, seconds: seconds / count };
  });
}

const best = new Map<string, Answer>();
for (let round = 0; round < ROUNDS; round++) {
  const answers = runOwn();
  if (peers) answers.push(...((await peers.answer('search')) as Answer[]));
  for (const answer of answers) {
    const key = `${answer.name} ${answer.setting}`;
    if (answer.seconds < (best.get(key)?.seconds ?? Number.POSITIVE_INFINITY)) best.set(key, answer);
  }
}
peers?.end();

const names = [...new Set([...best.values()].map(({ name }) => name))];
const results = names.flatMap((name) =>
  RECALLS.flatMap((wanted) => {
    const reaching = [...best.values()].filter((answer) => answer.name === name && answer.recall >= wanted);
    const fastest = reaching.sort((a, b) => a.seconds - b.seconds)[0];
    if (!fastest) return [];
    const { setting, recall, seconds } = fastest;
    const figures = { 'queries/s': Math.round(1 / seconds), recall: Number(recall.toFixed(3)) };
    return [{ name, 'at recall': wanted, ...figures, setting }];
  }),
);
console.table(results);
const { vectors: _, parameters, ...arrays } = built.result;
const bytes = Object.values(arrays).reduce<number>(
  (sum, array) => sum + (ArrayBuffer.isView(array) ? array.byteLength : 0),
  0,
);
const share = Number((bytes / vectors.byteLength).toFixed(3));
console.log(JSON.stringify({ rows, dimension, k: K, parameters, 'build s': builds, bytes, share, results }));

/** Starts the other programs; each answer of theirs is a line of JSON. */
function startPeers(interpreter: string) {
  const script = join(import.meta.dirname, 'peers', 'tree_peers.py');
  const child = spawn(interpreter, [script, folder, String(dimension)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    answer: async (ask?: string): Promise<unknown> => {
      if (ask !== undefined) child.stdin.write(`${ask}\n`);
      const line = await lines.next();
      if (line.done) throw new Error('the other programs ended');
      return JSON.parse(line.value);
    },
    end: () => child.stdin.end(),
  };
}
