/**
 * Searches by a pool of threads over one segment of generated vectors (test/search/music-like.ts), beside the same
 * searches on the calling thread. k = 10; queries that are no rows.
 *
 *     npx tsx bench/search-threads.ts ROWS DIMENSION FOLDER
 *
 * FOLDER keeps the segment and the queries, for the next run to find them there. Ways take turns in rounds. Of wall
 * clocks the best round counts, as other programs on the machine only make it slower; of processor times the median.
 * Where 2 threads take the processor time of 1, they are twice as fast on two cores that are free. Prints tables, then
 * JSON.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SearchMethod } from '../src/search/method.ts';
import { roundRows } from '../src/search/rounded-rows.ts';
import { createSearchPool, inlinePool, type SearchPool } from '../src/search/search-pool.ts';
import { openSegment, type Segment } from '../src/search/segment.ts';
import { buildSegment } from '../src/search/segment-build.ts';
import type { VectorIndexData } from '../src/search/vector-search.ts';
import { delaysWhile } from './event-loop-delays.ts';
import { generatedTracks } from './generated-tracks.ts';
import { generateSearchData } from './search-data.ts';

const K = 10;
const ROUNDS = 7;
/** Queries of a round. The exact scan takes some milliseconds a query, the tree some hundredths of one. */
const QUERIES: Record<string, number> = {
  exact: 24,
  'exact, batch': 96,
  lsh: 48,
  tree: 2400,
};
const ALL_QUERIES = 2400;
/** Requests that wait for an answer at the same time. */
const IN_FLIGHT = 32;
const [rows, dimension] = process.argv.slice(2, 4).map(Number);
const folder = process.argv[4];

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));
const queriesFile = join(folder, 'queries.f32');

function makeSegment(): string {
  mkdirSync(folder, { recursive: true });
  const found = readdirSync(folder).find((name) => existsSync(join(folder, name, 'header.json')));
  if (found) return join(folder, found);
  const { vectors, batch } = generateSearchData(rows, dimension, ALL_QUERIES);
  writeFileSync(queriesFile, batch);
  const { id, files } = buildSegment({
    tracks: generatedTracks(rows),
    vectors,
    layout: [{ column: 'mfcc_mean', bands: dimension, weight: 1 }],
    scaling: { mean: new Array(dimension).fill(0), deviation: new Array(dimension).fill(1) },
    featureVersion: 'bench',
  });
  mkdirSync(join(folder, id));
  for (const { name, bytes } of files) writeFileSync(join(folder, id, name), bytes);
  return join(folder, id);
}

const path = makeSegment();
const batch = new Float32Array(readFileSync(queriesFile).buffer);
const queries = Array.from({ length: ALL_QUERIES }, (_, i) =>
  batch.slice(i * dimension, (i + 1) * dimension),
);
const openings: number[] = [];
let segment!: Segment;
for (let round = 0; round < ROUNDS; round++) {
  const start = performance.now();
  segment = openSegment(path);
  openings.push(performance.now() - start);
}
const { header, lsh, tree } = segment;
const searched = { header, vectors: segment.vectors, lsh, tree };
const common = { metric: 'euclidean', vectors: segment.vectors, dimension } as const;
const indexes: Record<SearchMethod, VectorIndexData> = {
  exact: { ...common, method: 'exact', index: roundRows(segment.vectors, dimension) },
  lsh: { ...common, method: 'lsh', index: lsh },
  tree: { ...common, method: 'tree', index: tree },
};

const pools: Record<string, SearchPool> = {
  'calling thread': inlinePool,
  '1 thread': createSearchPool(1),
  '2 threads': createSearchPool(2),
};

/** Calls a function for 0 to count - 1, so many calls at a time. */
async function atATime(
  count: number,
  inFlight: number,
  call: (i: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const caller = async () => {
    while (next < count) await call(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
}

/** A request a query, as the dashboard sends them. */
const singly = (pool: SearchPool, method: SearchMethod, count: number) =>
  atATime(count, IN_FLIGHT, (i) => pool.run('searchSegment', searched, queries[i], { k: K, method }));

/** Requests of many queries, as bench-search sends them: as many as there are threads where rows serve all at once. */
function inParts(pool: SearchPool, method: SearchMethod, count: number, together: boolean): Promise<void> {
  const parts = together ? (pool === pools['2 threads'] ? 2 : 1) : 24;
  const part = (count / parts) * dimension;
  return atATime(parts, parts, (i) =>
    pool.run('timedAnswers', indexes[method], batch.slice(i * part, (i + 1) * part), dimension, K, together),
  );
}

const methods: SearchMethod[] = ['exact', 'lsh', 'tree'];
const loads = [
  ...methods.map((method) => ({
    load: `${method}, a request a query`,
    count: QUERIES[method],
    run: (pool: SearchPool) => singly(pool, method, QUERIES[method]),
  })),
  ...methods.map((method) => ({
    load: `${method}, many queries a request`,
    count: QUERIES[method],
    run: (pool: SearchPool) => inParts(pool, method, QUERIES[method], false),
  })),
  {
    load: 'exact, batch',
    count: QUERIES['exact, batch'],
    run: (pool: SearchPool) => inParts(pool, 'exact', QUERIES['exact, batch'], true),
  },
];
const throughput = [];
for (const { load, count, run } of loads) {
  for (const pool of Object.values(pools)) await run(pool);
  const names = Object.keys(pools);
  const wall = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  const processor = structuredClone(wall);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const [start, used] = [performance.now(), process.cpuUsage()];
      await run(pools[name]);
      wall[name].push((performance.now() - start) / 1000);
      const { user, system } = process.cpuUsage(used);
      processor[name].push((user + system) / 1e6);
    }
  }
  throughput.push({
    load,
    ...Object.fromEntries(names.map((name) => [name, Math.round(count / Math.min(...wall[name]))])),
    '2 threads to 1': rounded(Math.min(...wall['1 thread']) / Math.min(...wall['2 threads'])),
    'processor time, 1 thread to 2': rounded(median(processor['1 thread']) / median(processor['2 threads'])),
  });
}
console.log('Queries a second:');
console.table(throughput);

const tiny = { bytes: Uint8Array.of(97, 98), starts: Int32Array.of(0, 2) };
const trips: number[] = [];
for (let i = 0; i < 3000; i++) {
  const start = performance.now();
  await pools['1 thread'].run('rowsWithWords', tiny, ['b'], 0, 1);
  if (i >= 1000) trips.push(1000 * (performance.now() - start));
}
const texts = { ...segment.tracks.texts };
const wordTimes: Record<string, number> = {};
for (const query of ['low tide', 'the', '154999', 'zebra']) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await inlinePool.run('rowsWithWords', texts, query.split(' '), 0, 50);
    times.push(performance.now() - start);
  }
  wordTimes[query] = rounded(median(times));
}

/** Between two requests of a caller the loop turns, as it does between requests over HTTP. */
const mixed = (pool: SearchPool) => () =>
  atATime(1200, IN_FLIGHT, async (i) => {
    await new Promise((resolve) => setImmediate(resolve));
    return pool.run('searchSegment', searched, queries[i], {
      k: K,
      method: i % 8 ? 'tree' : methods[(i >> 3) % 3],
    });
  });
const delays = {
  'no search': await delaysWhile(() => new Promise((resolve) => setTimeout(resolve, 2000))),
  'searches on 1 thread': await delaysWhile(mixed(pools['1 thread'])),
  'searches on 2 threads': await delaysWhile(mixed(pools['2 threads'])),
  'searches on the calling thread': await delaysWhile(mixed(inlinePool)),
};
console.log('Milliseconds that the event loop is late:');
console.table(delays);
const roundTrip = {
  'us, median': rounded(median(trips), 0),
  'us, p99': rounded(trips.toSorted((a, b) => a - b)[1980], 0),
};
console.log('Round trip to a thread, opening of the segment (ms), words looked for (ms):');
console.table([{ ...roundTrip, opening: rounded(median(openings), 0), ...wordTimes }]);
console.log(JSON.stringify({ rows, dimension, k: K, throughput, roundTrip, openings, wordTimes, delays }));
for (const pool of Object.values(pools)) await pool.close();
