import { evenlySpread } from './evenly-spread.ts';
import { exactNearestNeighborsBatch } from './exact.ts';

/** Queries of a sample, and neighbours looked for: recall@10 of 400 queries, known to about one in a hundred. */
const SAMPLE = 400;
const NEIGHBOURS = 10;

/** A query with the rows that are truly nearest to it. */
export interface SampleQuery {
  query: Float32Array;
  neighbours: Uint32Array;
}

/** A row in the form of a query. */
export type AsQuery = (row: Float32Array) => Float32Array;

/**
 * What an index is tuned on: a sample of its rows, evenly spread, each of which is no neighbour of its own.
 *
 * @param asQuery Where queries are of another kind than rows.
 * @param most Queries at most.
 */
export function sampleQueries(
  vectors: Float32Array,
  dimension: number,
  asQuery: AsQuery = (row) => row,
  most = SAMPLE,
): SampleQuery[] {
  const places = evenlySpread(vectors.length / dimension, most);
  const queries = new Float32Array(places.length * dimension);
  places.forEach((row, i) => {
    queries.set(asQuery(vectors.subarray(row * dimension, (row + 1) * dimension)), i * dimension);
  });
  const found = exactNearestNeighborsBatch(vectors, dimension, queries, NEIGHBOURS + 1);
  return found.map(({ rows }, i) => ({
    query: queries.subarray(i * dimension, (i + 1) * dimension),
    neighbours: rows.filter((row) => row !== places[i]).subarray(0, NEIGHBOURS),
  }));
}
