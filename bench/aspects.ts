/**
 * Whether aspects mean something, and what they cost.
 *
 *     npx tsx bench/aspects.ts DATA [ROWS]
 *
 * DATA is a data folder with an index of real music, of one segment. Of each track the five nearest others by the whole sound and by
 * each aspect are looked at: how far their tempo (in octaves, those a factor of two apart taken for one), their key
 * (fifths), brightness, loudness and dynamics are from the track's own. Each mean is given relative to that of all
 * pairs: at 1 neighbours are as far as any two tracks.
 *
 * Then searches of ROWS generated rows (155,000 by default), as wide as each aspect's, are timed on one thread: wall
 * clock, median of 50 queries, k = 20. Prints tables, then JSON.
 */
import { ASPECTS } from '../src/search/aspects.ts';
import { fifthOf } from '../src/search/derived-columns.ts';
import { exactNearestNeighbors } from '../src/search/exact.ts';
import { openIndex } from '../src/store/open-index.ts';
import { generateSearchData } from './search-data.ts';

const NEIGHBOURS = 5;
const QUERIES = 50;
const K = 20;

const [data, rowCount = '155000'] = process.argv.slice(2);
if (data === undefined) throw new Error('usage: npx tsx bench/aspects.ts DATA [ROWS]');

const { segments } = await openIndex(data);
const { header, tracks, vectors, sounds } = segments[0]!.segment;
const rows = header.rows;
const spaces = [
  { name: 'whole sound', vectors },
  ...ASPECTS.map((aspect) => ({ name: aspect as string, vectors: sounds.aspects[aspect]! })),
];

/** The shorter way round a circle of this length. */
const around = (length: number, away: number) => Math.min(away % length, length - (away % length));
const difference = (values: Float32Array) => (a: number, b: number) => Math.abs(values[a]! - values[b]!);
const { brightness, loudness, dynamics, key } = sounds.values as Record<string, Float32Array>;
const GAPS: Record<string, (a: number, b: number) => number> = {
  tempo: (a, b) => around(1, Math.abs(Math.log2(tracks.columns.tempos[a]! / tracks.columns.tempos[b]!))),
  key: (a, b) => around(12, Math.abs(fifthOf(key![a]!) - fifthOf(key![b]!))),
  brightness: difference(brightness!),
  loudness: difference(loudness!),
  dynamics: difference(dynamics!),
};

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const everyRow = Array.from({ length: rows }, (_, row) => row);
const ofAllPairs = Object.fromEntries(
  Object.entries(GAPS).map(([name, gap]) => [
    name,
    mean(everyRow.flatMap((a) => everyRow.filter((b) => b !== a).map((b) => gap(a, b)))),
  ]),
);

const meaning = spaces.map(({ name, vectors }) => {
  const width = vectors.length / rows;
  const pairs = everyRow.flatMap((row) => {
    const query = vectors.subarray(row * width, (row + 1) * width);
    const near = exactNearestNeighbors(vectors, query, NEIGHBOURS, { excludeRows: [row] });
    return Array.from(near.rows, (other) => [row, other] as const);
  });
  const gaps = Object.entries(GAPS).map(([trait, gap]) => {
    const relative = mean(pairs.map(([a, b]) => gap(a, b))) / ofAllPairs[trait]!;
    return [trait, Number(relative.toFixed(2))];
  });
  return { neighbours: name, ...Object.fromEntries(gaps) };
});

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const speed = spaces.map(({ name, vectors: { length } }) => {
  const width = length / rows;
  const generated = generateSearchData(Number(rowCount), width, QUERIES + 5);
  const times = generated.queries.map((query) => {
    const start = performance.now();
    exactNearestNeighbors(generated.vectors, query, K);
    return performance.now() - start;
  });
  // The first ones compile.
  return { search: name, width, milliseconds: Number(median(times.slice(5)).toFixed(1)) };
});

console.log(`${rows} tracks; distance of the ${NEIGHBOURS} nearest, relative to any two tracks`);
console.table(meaning);
console.log(`exact searches of ${rowCount} rows`);
console.table(speed);
console.log(JSON.stringify({ tracks: rows, meaning, rows: Number(rowCount), speed }));
