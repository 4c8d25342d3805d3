import { allocateFloats, memoryOf } from '../wasm/shared-memory.ts';
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
 * al. 2014, "Speeding up the Xbox recommender system", §3). By the cosine this value is for rows of zeros, where there
 * are any.
 *
 * @param vectors Float32Array, rows × dimension, row-major. For the cosine the rows get their length where they lie: a
 * second matrix would take as much memory again. The value more they get there, too, where the memory of `allocateShared`
 * has room for it behind them, 4 bytes a row.
 */
export function euclideanForm(vectors: Float32Array, dimension: number, metric: Metric): EuclideanForm {
  switch (metric) {
    case 'euclidean':
      return { vectors, dimension, asQuery: (row) => row, byProduct: false };
    case 'cosine': {
      const normalised = normaliseRows(vectors, dimension, vectors);
      const squares = squaresOf(normalised, dimension);
      if (squares.every((square) => square > 0)) {
        return { vectors: normalised, dimension, asQuery: (row) => row, byProduct: false };
      }
      // Of zeros: their cosine with all queries is 0, as that of rows at right angles.
      const value = (row: number) => (squares[row] > 0 ? 0 : 1);
      return { ...withValue(normalised, dimension, value), byProduct: false };
    }
    case 'dot': {
      const squares = squaresOf(vectors, dimension);
      const longest = squares.reduce((most, square) => Math.max(most, square), 0);
      const value = (row: number) => Math.sqrt(longest - squares[row]);
      return { ...withValue(vectors, dimension, value), byProduct: true };
    }
  }
}

/** A query of the metric's own dimension, turned as `euclideanForm` turned the rows. @param dimension Of these. */
export function turnQuery(query: Float32Array, metric: Metric, dimension: number): Float32Array {
  const turned = metric === 'cosine' ? normaliseRows(query, query.length) : query;
  return dimension > query.length ? Float32Array.of(...turned, 0) : turned;
}

function squaresOf(vectors: Float32Array, dimension: number): Float64Array {
  return Float64Array.from({ length: vectors.length / dimension }, (_, row) =>
    innerProduct(vectors, row * dimension, vectors, row * dimension, dimension),
  );
}

/** Rows with one value more, which queries have 0 for. */
function withValue(vectors: Float32Array, dimension: number, value: (row: number) => number) {
  const rows = vectors.length / dimension;
  const { buffer, byteOffset } = vectors;
  const length = rows * (dimension + 1);
  const hasRoom = memoryOf(buffer) && byteOffset + 4 * length <= buffer.byteLength;
  const turned = hasRoom ? new Float32Array(buffer, byteOffset, length) : allocateFloats(length);
  // From the last one on: where rows stay in their memory each goes where only later ones were.
  for (let row = rows - 1; row >= 0; row--) {
    const place = row * (dimension + 1);
    turned.set(vectors.subarray(row * dimension, (row + 1) * dimension), place);
    turned[place + dimension] = value(row);
  }
  return {
    vectors: turned,
    dimension: dimension + 1,
    asQuery: (row: Float32Array) => Float32Array.of(...row.subarray(0, dimension), 0),
  };
}
