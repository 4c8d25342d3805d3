import { describe, expect, test } from 'vitest';
import { euclideanForm, METRICS, type Metric } from '../../src/search/metric.ts';
import { createRandom } from '../../src/search/random.ts';
import { buildVectorIndex } from '../../src/search/vector-index.ts';
import { searchVectors, searchVectorsBatch } from '../../src/search/vector-search.ts';
import { allocateFloats } from '../../src/wasm/shared-memory.ts';
import { musicLikeVectors } from './music-like.ts';

const [ROWS, DIMENSION, QUERIES, K] = [6000, 24, 100, 10];

/** Of very different lengths, so that the metrics disagree. The last ones are the queries. */
const random = createRandom(1);
const lengths = Array.from({ length: ROWS + QUERIES }, () => 0.2 + 3 * random.uniform());
const vectors = musicLikeVectors(ROWS + QUERIES, DIMENSION, 1).map(
  (value, i) => value * lengths[Math.floor(i / DIMENSION)],
);
const base = vectors.slice(0, ROWS * DIMENSION);
const queries = vectors.slice(ROWS * DIMENSION);
const rowOf = (vectors: Float32Array, row: number) =>
  vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION);

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Greater is better. */
const SCORES: Record<Metric, (a: Float32Array, b: Float32Array) => number> = {
  euclidean: (a, b) => 2 * dot(a, b) - dot(a, a) - dot(b, b),
  cosine: (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)),
  dot,
};

function bestRows(metric: Metric, query: Float32Array): number[] {
  const scores = Float64Array.from({ length: ROWS }, (_, row) => SCORES[metric](rowOf(base, row), query));
  return Array.from(scores.keys())
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, K);
}

describe.each(METRICS)('by %s', (metric) => {
  const truth = Array.from({ length: QUERIES }, (_, q) => bestRows(metric, rowOf(queries, q)));

  test('the exact scan gives the best rows in their order, one by one and at once', () => {
    const index = buildVectorIndex(base.slice(), DIMENSION, { metric, method: 'exact', recall: 1 });
    const single = truth.map((_, q) => rowOf(queries, q));
    expect(single.map((query) => [...searchVectors(index.data, query, K)])).toEqual(truth);
    expect(searchVectorsBatch(index.data, single, K).map((rows) => [...rows])).toEqual(truth);
  });

  test.each(metric === 'dot' ? (['tree'] as const) : (['lsh', 'tree'] as const))(
    '%s finds the share that is asked for',
    (method) => {
      const recallAt = (recall: number) => {
        const index = buildVectorIndex(base.slice(), DIMENSION, { metric, method, recall });
        expect(index.data.method).toBe(method);
        const found = truth.map((rows, q) => {
          const ids = searchVectors(index.data, rowOf(queries, q), K);
          expect(ids).toHaveLength(K);
          return rows.filter((row) => ids.includes(row)).length / K;
        });
        return found.reduce((sum, share) => sum + share) / QUERIES;
      };
      expect(recallAt(0.95)).toBeGreaterThanOrEqual(0.93);
      expect(recallAt(1)).toBeGreaterThanOrEqual(0.99);
    },
  );
});

test('LSH does not serve the inner product', () => {
  expect(() =>
    buildVectorIndex(base.slice(), DIMENSION, { metric: 'dot', method: 'lsh', recall: 0.9 }),
  ).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('few rows are scanned where nothing is asked for', () => {
  expect(
    buildVectorIndex(base.slice(), DIMENSION, { metric: 'euclidean', method: 'auto', recall: 0.95 }),
  ).toMatchObject({
    data: { method: 'exact' },
    // Each row a byte a value, in sixteens, and three floats.
    bytes: base.byteLength + ROWS * (16 * Math.ceil(DIMENSION / 16) + 12),
    setting: {},
  });
});

test.each(['cosine', 'dot'] as const)(
  'by %s rows are the same where they are turned in their own memory',
  (metric) => {
    const withZeros = base.slice().fill(0, 0, DIMENSION);
    const roomy = new Float32Array(allocateFloats(base.length + ROWS).buffer, 0, base.length);
    roomy.set(withZeros);
    const [copied, inPlace] = [withZeros, roomy].map((rows) => euclideanForm(rows, DIMENSION, metric));
    expect(inPlace!.vectors.buffer).toBe(roomy.buffer);
    expect(copied!.vectors.buffer).not.toBe(withZeros.buffer);
    expect(inPlace!.vectors).toEqual(copied!.vectors);
  },
);
