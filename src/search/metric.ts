import { allocateFloats } from '../wasm/shared-memory.ts';
import { innerProduct } from './distance.ts';
import { normaliseRows } from './normalise.ts';
import type { AsQuery } from './sample-queries.ts';

export const METRICS = ['euclidean', 'cosine', 'dot'] as const;

export type Metric = (typeof METRICS)[number];

/** Vectors turned so that the nearest rows by Euclidean distance are the best ones by a metric. */
export interface EuclideanForm {
  /** rows × dimension, row-major. */
  vectors: Float32Array;
  dimension: number;
  /** A turned row as `turnQuery` would turn its vector. */
  asQuery: AsQuery;
  /** Whether all vectors are equally long, and queries' last value is 0. */
  byProduct: boolean;
}

/**
 * Euclidean distance: nothing to do. Cosine: rows and queries of length 1. Inner product: one value more, which
 * gives all rows the length of the longest, and 0 in queries; then |q - x|² = |q|² + longest² - 2⟨q, x⟩ (Bachrach et
 * al. 2014, "Speeding up the Xbox recommender system", §3).
 *
 * @param vectors Float32Array, rows × dimension, row-major. For the cosine the rows get their length where they lie: a
 * second matrix would take as much memory again.
 */
export function euclideanForm(vectors: Float32Array, dimension: number, metric: Metric): EuclideanForm {
  switch (metric) {
    case 'euclidean':
      return { vectors, dimension, asQuery: (row) => row, byProduct: false };
    case 'cosine':
      return {
        vectors: normaliseRows(vectors, dimension, vectors),
        dimension,
        asQuery: (row) => row,
        byProduct: false,
      };
    case 'dot':
      return {
        vectors: withEqualLengths(vectors, dimension),
        dimension: dimension + 1,
        asQuery: (row) => Float32Array.of(...row.subarray(0, dimension), 0),
        byProduct: true,
      };
  }
}

/** A query of the metric's own dimension, turned as `euclideanForm` turns the rows. */
export function turnQuery(query: Float32Array, metric: Metric): Float32Array {
  switch (metric) {
    case 'euclidean':
      return query;
    case 'cosine':
      return normaliseRows(query, query.length);
    case 'dot':
      return Float32Array.of(...query, 0);
  }
}

function withEqualLengths(vectors: Float32Array, dimension: number): Float32Array {
  const rows = vectors.length / dimension;
  const squares = Float64Array.from({ length: rows }, (_, row) =>
    innerProduct(vectors, row * dimension, vectors, row * dimension, dimension),
  );
  const longest = squares.reduce((most, square) => Math.max(most, square), 0);
  const turned = allocateFloats(rows * (dimension + 1));
  for (let row = 0; row < rows; row++) {
    const place = row * (dimension + 1);
    turned.set(vectors.subarray(row * dimension, (row + 1) * dimension), place);
    turned[place + dimension] = Math.sqrt(longest - squares[row]);
  }
  return turned;
}
