import { SoundalikeError } from '../errors.ts';
import { exactNearestNeighbors, exactNearestNeighborsBatch } from './exact.ts';
import { approxNearestNeighbors } from './lsh.ts';
import { buildLsh } from './lsh-build.ts';
import { methodFor, type SearchMethod } from './method.ts';
import { type EuclideanForm, euclideanForm, type Metric } from './metric.ts';
import { treeNearestNeighbors } from './tree.ts';
import { buildTree } from './tree-build.ts';

/** How far the recall on the sample is above the one asked for, in shares of what is missing to 1. */
const MARGIN = 0.4;

export interface VectorIndexOptions {
  metric: Metric;
  /** `auto` takes what suits the number of rows. */
  method: SearchMethod | 'auto';
  /** Share of the ten best rows that a query is to find, above 0, up to 1. */
  recall: number;
}

/** An index over any vectors, tuned on a sample of them. */
export interface VectorIndex {
  method: SearchMethod;
  /** What the tuning chose, by the method's own names. */
  setting: Record<string, number>;
  /** Of the index, the vectors included. */
  bytes: number;
  /** The best rows, best first. @param query As long as a row. */
  search(query: Float32Array, k: number): Uint32Array;
  /** The same for many. @param queries queries × dimension, row-major. */
  searchBatch(queries: Float32Array, k: number): Uint32Array[];
}

/**
 * @param vectors Float32Array, rows × dimension, row-major, of finite numbers; at least one row. In place where
 *   `allocateShared` made it.
 * @throws SoundalikeError USAGE for `lsh` by inner product.
 */
export function buildVectorIndex(
  vectors: Float32Array,
  dimension: number,
  { metric, method: asked, recall }: VectorIndexOptions,
): VectorIndex {
  if (metric === 'dot' && asked === 'lsh') {
    // Queries then lie far from all rows, and no bucket near to theirs holds any.
    throw new SoundalikeError('USAGE', 'lsh does not serve the inner product: use tree or exact');
  }
  const form = euclideanForm(vectors, dimension, metric);
  const method = asked === 'auto' ? methodFor(vectors.length / dimension) : asked;
  const { setting, bytes, nearest } = build(method, form, recall + MARGIN * (1 - recall));
  const search = (query: Float32Array, k: number) => nearest(form.turn(query), k);
  return {
    method,
    setting,
    bytes: form.vectors.byteLength + bytes,
    search,
    searchBatch(queries, k) {
      const single = Array.from({ length: queries.length / dimension }, (_, i) =>
        queries.subarray(i * dimension, (i + 1) * dimension),
      );
      if (method !== 'exact') return single.map((query) => search(query, k));
      const turned = new Float32Array(single.length * form.dimension);
      single.forEach((query, i) => {
        turned.set(form.turn(query), i * form.dimension);
      });
      return exactNearestNeighborsBatch(form.vectors, form.dimension, turned, k).map(({ rows }) => rows);
    },
  };
}

interface Built {
  setting: Record<string, number>;
  bytes: number;
  nearest(query: Float32Array, k: number): Uint32Array;
}

function build(method: SearchMethod, { vectors, dimension, asQuery }: EuclideanForm, recall: number): Built {
  if (method === 'exact') {
    return { setting: {}, bytes: 0, nearest: (query, k) => exactNearestNeighbors(vectors, query, k).rows };
  }
  if (method === 'lsh') {
    const index = buildLsh(vectors, dimension, { recall });
    const nearest = (query: Float32Array, k: number) => approxNearestNeighbors(index, query, k).rows;
    return { setting: { ...index.parameters }, bytes: bytesOf(index, vectors), nearest };
  }
  const index = buildTree(vectors, dimension, { recall, asQuery });
  const nearest = (query: Float32Array, k: number) => treeNearestNeighbors(index, query, k).rows;
  return { setting: { ...index.parameters }, bytes: bytesOf(index, vectors), nearest };
}

/** Of an index's arrays, without the vectors. */
function bytesOf(index: object, vectors: Float32Array): number {
  return Object.values(index)
    .filter((part): part is Float32Array => ArrayBuffer.isView(part) && part !== vectors)
    .reduce((sum, { byteLength }) => sum + byteLength, 0);
}
