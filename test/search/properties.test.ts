/** What holds of every search whatever the data: by each metric and method, over one segment and over several. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAXIMUM_HASHES } from '../../src/search/lsh-index.ts';
import type { SearchMethod } from '../../src/search/method.ts';
import { METRICS, type Metric } from '../../src/search/metric.ts';
import { createRandom } from '../../src/search/random.ts';
import { rowSetOf } from '../../src/search/row-set.ts';
import { openSegment, type Segment } from '../../src/search/segment.ts';
import { buildSegment } from '../../src/search/segment-build.ts';
import { listSegments } from '../../src/search/segment-list.ts';
import { EVERY_LEAF } from '../../src/search/tree-index.ts';
import { buildVectorIndex } from '../../src/search/vector-index.ts';
import { searchVectors } from '../../src/search/vector-search.ts';

const METHODS = ['exact', 'lsh', 'tree'] as const;

/** Rows by their ids, 0 to count - 1. */
type Rows = readonly Float32Array[];
type Search = (query: Float32Array, k: number) => number[];
/** Makes a search over rows, which a permutation (by place, the id) brings in another order. */
type Engine = (rows: Rows, order?: readonly number[]) => Search;

const flat = (rows: Rows) => Float32Array.from(rows.flatMap((row) => [...row]));

/** Every bucket, every leaf, every row re-ranked: what finds all. */
const complete = {
  lsh: { probes: 4 ** MAXIMUM_HASHES, reRank: 1000 },
  tree: (leaves: number) => ({ leaves, reach: EVERY_LEAF, leavesSearched: leaves, reRank: 1000 }),
};

function indexed(metric: Metric, method: SearchMethod): Engine {
  return (rows, order = rows.map((_, id) => id)) => {
    const dimension = rows[0]?.length ?? 3;
    const ordered = flat(order.map((id) => rows[id]!));
    const { data } = buildVectorIndex(ordered, dimension, { metric, method, recall: 0.95 });
    if (data.method === 'lsh') data.index.parameters = { ...data.index.parameters, ...complete.lsh };
    if (data.method === 'tree') data.index.parameters = complete.tree(data.index.parameters.leaves);
    return (query, k) => Array.from(searchVectors(data, query, k), (row) => order[row]!);
  };
}

let folder: string;
let written = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'properties-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** @param ids Of its rows. */
function segmentOf(rows: Rows, ids: readonly number[]): Segment {
  const dimension = rows[0]!.length;
  const { id, files } = buildSegment({
    tracks: ids.map((id) => ({
      id: String(id).padStart(6, '0'),
      title: null,
      artist: null,
      album: null,
      genre: null,
      path: `${id}.mp3`,
      seconds: 1,
      tempo: null,
    })),
    vectors: flat(ids.map((id) => rows[id]!)),
    layout: [{ column: 'mfcc_mean', bands: dimension, weight: 1 }],
    scaling: { mean: new Array(dimension).fill(0), deviation: new Array(dimension).fill(1) },
    featureVersion: '1',
  });
  const path = join(folder, String(written++), id);
  mkdirSync(path, { recursive: true });
  for (const { name, bytes } of files) writeFileSync(join(path, name), bytes);
  const { lsh, tree, ...others } = openSegment(path);
  return {
    ...others,
    lsh: { ...lsh, parameters: { ...lsh.parameters, ...complete.lsh } },
    tree: { ...tree, parameters: complete.tree(tree.parameters.leaves) },
  };
}

/** Segments of every third id and so on; a row that is not asked about stands in each and is deleted. */
function inSegments(method: SearchMethod, parts: number): Engine {
  return (rows, order = rows.map((_, id) => id)) => {
    const deleted = rows.length;
    const all = [...rows, rows[0] ?? new Float32Array(3)];
    const listed = Array.from({ length: parts }, (_, part) => {
      const ids = [...order.filter((id) => id % parts === part), deleted];
      const live = rowSetOf(ids.length, (row) => row < ids.length - 1);
      return { segment: segmentOf(all, ids), live };
    });
    const list = listSegments(listed);
    return (query, k) =>
      Array.from(list.search(query, { k, method }).rows, (row) => Number(list.track(row).id));
  };
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Greater is better. The cosine with a vector of zeros is 0. */
const SCORES: Record<Metric, (a: Float32Array, b: Float32Array) => number> = {
  euclidean: (a, b) => -Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0)),
  cosine: (a, b) => dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1),
  dot,
};

/** Scores of rows that differ by less may come in either order, but by the Euclidean metric. */
const ROUNDING: Record<Metric, number> = { euclidean: 0, cosine: 1e-6, dot: 1e-4 };

/** That a search gave the best rows, in their order; equal ones by id. */
function expectBest(metric: Metric, rows: Rows, query: Float32Array, k: number, found: number[]): void {
  const scores = rows.map((row) => SCORES[metric](row, query));
  const best = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, k);
  expect(found).toHaveLength(Math.min(k, rows.length));
  expect(new Set(found).size).toBe(found.length);
  if (metric === 'euclidean') expect(found).toEqual(best);
  found.forEach((id, place) => {
    expect(Math.abs(scores[id]! - scores[best[place]!]!)).toBeLessThanOrEqual(ROUNDING[metric]);
    const next = found[place + 1];
    if (next !== undefined && rows[id]!.every((value, i) => value === rows[next]![i])) {
      expect(id).toBeLessThan(next);
    }
  });
}

const random = createRandom(17);
const rowsLike = (count: number, make: (id: number) => number[]): Rows =>
  Array.from({ length: count }, (_, id) => Float32Array.from(make(id)));
const normal = (dimension: number) => Array.from({ length: dimension }, () => random.normal());
/** Many distances are equal, and exact in float32. */
const onGrid = (dimension: number) =>
  Array.from({ length: dimension }, () => Math.floor(5 * random.uniform()) - 2);

const COLLECTIONS: [string, Rows][] = [
  ['rows of normal values', rowsLike(150, () => normal(6))],
  ['rows of one value', rowsLike(90, () => normal(1))],
  ['rows on a grid, many of them equally far', rowsLike(160, () => onGrid(2))],
  ['each row four times', rowsLike(40, () => normal(5)).flatMap((row) => [row, row, row, row])],
  ['rows all the same', rowsLike(70, () => [0.5, -1, 2])],
  ['rows of zeros among others', rowsLike(80, (id) => (id % 4 === 0 ? [0, 0, 0, 0] : normal(4)))],
  ['rows of zeros alone', rowsLike(50, () => [0, 0])],
  ['one row', [Float32Array.of(1, 2, 3)]],
];

const ENGINES: [string, Metric, Engine][] = [
  ...METRICS.flatMap((metric) =>
    METHODS.filter((method) => metric !== 'dot' || method !== 'lsh').map(
      (method): [string, Metric, Engine] => [`${method} by ${metric}`, metric, indexed(metric, method)],
    ),
  ),
  ...METHODS.flatMap((method) =>
    [1, 3].map((parts): [string, Metric, Engine] => [
      `${method} over ${parts} segments`,
      'euclidean',
      inSegments(method, parts),
    ]),
  ),
];

describe.each(ENGINES)('%s, where all is looked at,', (_, metric, engine) => {
  test.each(COLLECTIONS)('gives the best of %s, whatever their order', (_, rows) => {
    const dimension = rows[0]!.length;
    const shuffled = rows
      .map((_, id) => ({ id, key: random.uniform() }))
      .sort((a, b) => a.key - b.key)
      .map(({ id }) => id);
    // Ties go by the number of the row; segments have their rows in the order of ids, whatever order they are given.
    const searches = [engine(rows)];
    const permuted = engine(rows, shuffled);
    const queries = [rows[0]!, rows.at(-1)!, ...rowsLike(4, () => normal(dimension))];
    queries.push(Float32Array.from(onGrid(dimension)), new Float32Array(dimension));
    for (const query of queries) {
      for (const k of [1, 7, rows.length + 5]) {
        for (const search of searches) expectBest(metric, rows, query, k, search(query, k));
        const scoresOf = (ids: number[]) => ids.map((id) => SCORES[metric](rows[id]!, query));
        const [straight, other] = [searches[0]!(query, k), permuted(query, k)].map(scoresOf);
        other!.forEach((score, place) => {
          expect(Math.abs(score - straight![place]!)).toBeLessThanOrEqual(ROUNDING[metric]);
        });
      }
    }
  });

  test('gives none of no rows', () => {
    expect(engine([])(Float32Array.of(1, 2, 3), 5)).toEqual([]);
  });

  test('refuses values that are no finite numbers', () => {
    const refusal = expect.objectContaining({ code: 'USAGE' });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const rows = rowsLike(12, () => normal(3));
      const search = engine(rows);
      expect(() => search(Float32Array.of(1, value, 0), 2)).toThrow(refusal);
      expect(() => engine([...rows, Float32Array.of(0, 1, value)])).toThrow(refusal);
    }
  });
});
