import { SoundalikeError } from '../errors.ts';
import { requireFinite } from './finite-rows.ts';
import { buildLsh } from './lsh-build.ts';
import { methodFor, type SearchMethod } from './method.ts';
import { type EuclideanForm, euclideanForm, type Metric } from './metric.ts';
import { roundRows } from './rounded-rows.ts';
import { buildTree } from './tree-build.ts';
import type { SearchStructure, VectorIndexData } from './vector-search.ts';

export interface VectorIndexOptions {
  metric: Metric;
  /** `auto` takes what suits the number of rows. */
  method: SearchMethod | 'auto';
  /** Share of the ten best rows that a query is to find, above 0, up to 1. */
  recall: number;
}

/** An index over any vectors, tuned on a sample of them; search it with `searchVectors`. */
export interface VectorIndex {
  /** What the tuning chose, by the method's own names. */
  setting: Record<string, number>;
  /** Of the index, the vectors included. */
  bytes: number;
  data: VectorIndexData;
}

/**
 * @param vectors Float32Array, rows × dimension, row-major. They become
 *   the index's, and are changed (`euclideanForm`). Kernels read them in place where `allocateShared` made them.
 * @throws SoundalikeError USAGE for `lsh` by inner product, and for a value that is no finite number.
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
  requireFinite(vectors, dimension, 'the vectors');
  const form = euclideanForm(vectors, dimension, metric);
  const method = asked === 'auto' ? methodFor(vectors.length / dimension) : asked;
  const structure = build(method, form, recall);
  return {
    setting: structure.method === 'exact' ? {} : { ...structure.index.parameters },
    bytes: form.vectors.byteLength + bytesOf(structure.index ?? {}, form.vectors),
    data: { metric, vectors: form.vectors, dimension: form.dimension, ...structure },
  };
}

function build(
  method: SearchMethod,
  { vectors, dimension, asQuery, byProduct }: EuclideanForm,
  recall: number,
): SearchStructure {
  switch (method) {
    case 'exact':
      return { method, index: roundRows(vectors, dimension) };
    case 'lsh':
      return { method, index: buildLsh(vectors, dimension, { recall }) };
    case 'tree':
      return { method, index: buildTree(vectors, dimension, { recall, asQuery, byProduct }) };
  }
}

/** Of an index's arrays, without the vectors. */
function bytesOf(index: object, vectors: Float32Array): number {
  return Object.values(index)
    .filter((part): part is Float32Array => ArrayBuffer.isView(part) && part !== vectors)
    .reduce((sum, { byteLength }) => sum + byteLength, 0);
}
