/**
 * Load on a dashboard over a large collection: requests a second, how long they take, and how long the event loop of the
 * dashboard's process is held up, told by that process itself (bench/dashboard).
 *
 *     npm run build && npx tsx bench/api-load.ts DATA_DIR [SECONDS] [LOAD]
 *
 * DATA_DIR as bench/large-collection.ts makes it. autocannon asks over 8 connections for SECONDS (3) a load; LOAD is a
 * part of the names of those wanted. `first` is the first request of a kind; it stands before all loads. Prints tables,
 * then JSON.
 */
import autocannon from 'autocannon';
import type { CollectionTrack } from '../src/recommend/collection.ts';
import { createRandom } from '../src/search/random.ts';
import { startWatchedDashboard } from './dashboard/watched-dashboard.ts';

const CONNECTIONS = 8;
/** Different requests of a load. */
const REQUESTS = 400;

const [dataDir, seconds = '3', wanted = ''] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('which data folder? npx tsx bench/api-load.ts DATA_DIR');

const random = createRandom(1);
const pick = <Value>(values: readonly Value[]): Value =>
  values[Math.floor(random.uniform() * values.length)]!;
const rounded = (value: number, digits = 1) => Number(value.toFixed(digits));

const begin = performance.now();
const dashboard = await startWatchedDashboard(dataDir);

/** Milliseconds of a request, and how long the loop was held up by it. */
async function measureFirst(path: string) {
  await dashboard.loop();
  const start = performance.now();
  const response = await fetch(dashboard.address + path);
  const bytes = (await response.arrayBuffer()).byteLength;
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const ms = rounded(performance.now() - start);
  // What was put off until after the answer counts, too.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { ms, held: rounded((await dashboard.loop()).held), bytes };
}

await fetch(`${dashboard.address}/api/health`);
const health = performance.now() - begin;
const atStart = await dashboard.loop();
const firstPage = await measureFirst('/api/tracks');
const firstAnswer = performance.now() - begin - 300;
const withIndex = await dashboard.loop();

const ask = async <Answer>(path: string) =>
  (await (await fetch(`${dashboard.address}/api${path}`)).json()) as Answer;
const { total } = await ask<{ total: number }>('/tracks?limit=1');
const { genres } = await ask<{ genres: { genre: string }[] }>('/genres');
const anyPlace = () => Math.floor(random.uniform() * total);
const pages = Array.from({ length: 20 }, () =>
  ask<{ tracks: CollectionTrack[] }>(`/tracks?limit=200&offset=${Math.min(anyPlace(), total - 200)}`),
);
const known = (await Promise.all(pages)).flatMap(({ tracks }) => tracks);
const { id } = known[0]!;

/** A title or a name, as far as it is typed. */
function typed(): string {
  const { title, artist } = pick(known);
  const text = pick([title, artist]) ?? 'snow';
  return encodeURIComponent(text.slice(0, 1 + Math.floor(random.uniform() * text.length)));
}
const anyId = () => pick(known).id;
const anyGenre = () => encodeURIComponent(pick(genres).genre);
const similar = (rest: () => string) => () => `/api/tracks/${anyId()}/similar?k=25${rest()}`;
const anyTempo = () => {
  const least = 60 + Math.floor(random.uniform() * 80);
  return `&tempo=${least}-${least + 20}`;
};
const player = (command: string, rest: () => string) => () =>
  `/rest/${command}.view?u=a&p=b&v=1.16.1&c=bench&f=json${rest()}`;

const loads: Record<string, () => string> = {
  'similar, exact': similar(() => '&method=exact'),
  'similar, lsh': similar(() => '&method=lsh'),
  'similar, tree': similar(() => '&method=tree'),
  'similar, tree, a genre': similar(() => `&method=tree&genre=${anyGenre()}`),
  'similar, tree, any of 80 tempi': similar(() => `&method=tree${anyTempo()}`),
  'similar, tree, other artists': similar(() => '&method=tree&other_artists=1'),
  'similar, by rhythm': similar(() => '&aspect=rhythm'),
  'similar, by timbre': similar(() => '&aspect=timbre'),
  'similar to three': () => `/api/similar?k=25&id=${anyId()}&id=${anyId()}&id=${anyId()}`,
  'tracks, a page': () => `/api/tracks?offset=${anyPlace()}`,
  'search as one types': () => `/api/tracks?query=${typed()}`,
  'search in a genre': () => `/api/tracks?query=${typed()}&genre=${anyGenre()}`,
  'path of 8 steps': () => `/api/path?from=${anyId()}&to=${id}`,
  'map, a page': () => `/api/map?offset=${anyPlace()}`,
  'map, all points': () => '/api/map/points',
  'search3 as one types': player('search3', () => `&query=${typed()}`),
  'search3, all by 500': player(
    'search3',
    () => `&query=""&artistCount=0&albumCount=0&songCount=500&songOffset=${anyPlace()}`,
  ),
  getArtists: player('getArtists', () => ''),
  'getAlbumList2 by artist': player('getAlbumList2', () => '&type=alphabeticalByArtist&size=100'),
  getSonicSimilarTracks: player('getSonicSimilarTracks', () => `&id=${anyId()}`),
  findSonicPath: player('findSonicPath', () => `&startSongId=${anyId()}&endSongId=${id}&count=10`),
};

const chosen = Object.entries(loads).filter(([name]) => name.includes(wanted));
const firsts = [];
for (const [name, path] of chosen) firsts.push({ first: name, ...(await measureFirst(path())) });

const results = [];
for (const [name, path] of chosen) {
  const requests = Array.from({ length: REQUESTS }, () => ({ path: path() }));
  await dashboard.loop();
  const run = await autocannon({
    url: dashboard.address,
    connections: CONNECTIONS,
    duration: Number(seconds),
    requests,
  });
  const { held, late } = await dashboard.loop();
  if (run.non2xx + run.errors > 0) throw new Error(`${name}: ${run.non2xx + run.errors} requests failed`);
  results.push({
    load: name,
    'requests/s': rounded(run.requests.average, 0),
    'p50, ms': run.latency.p50,
    'p99, ms': run.latency.p99,
    'held, ms': rounded(held),
    'late at most, ms': rounded(late.most),
  });
}
const atEnd = await dashboard.loop();
await dashboard.stop();

const megabytes = (bytes: number) => Math.round(bytes / 1e6);
const start = {
  'address named, ms': rounded(dashboard.startMs, 0),
  'health answered, ms': rounded(health, 0),
  'held until then, ms': rounded(atStart.held),
  'first page of tracks alone, ms': firstPage.ms,
  'first tracks answered, ms': rounded(firstAnswer, 0),
  'resident at the start, MB': megabytes(atStart.memory.rss),
  'with the index, MB': megabytes(withIndex.memory.rss),
  'after all loads, MB': megabytes(atEnd.memory.rss),
  'of that JavaScript, MB': megabytes(atEnd.memory.heapUsed),
};
console.table(start);
console.table(firsts);
console.table(results);
console.log(JSON.stringify({ tracks: total, connections: CONNECTIONS, start, firsts, results }));
