import { exactNearestNeighborsBatch } from './exact.ts';

/** Queries of a sample, and neighbours looked for: recall@10 of 400 queries, known to about one in a hundred. */
const SAMPLE = 400;
const NEIGHBOURS = 10;

/** A query with the rows that are truly nearest to it. */
export interface SampleQuery {
  query: Float32Array;
  neighbours: Uint32Array;
}

/**
 * What an index is tuned on: a sample of its rows, evenly spread, each of which is no neighbour of its own.
 *
 * @param queries The same rows (`evenlySpread`) as queries, where these are of another kind than rows: Float32Array,
 *   queries × dimension, row-major.
 */
export function sampleQueries(
  vectors: Float32Array,
  dimension: number,
  queries?: Float32Array,
): SampleQuery[] {
  const places = evenlySpread(vectors.length / dimension);
  const asked = queries ?? gathered(vectors, dimension, places);
  const found = exactNearestNeighborsBatch(vectors, dimension, asked, NEIGHBOURS + 1);
  return found.map(({ rows }, i) => ({
    query: asked.subarray(i * dimension, (i + 1) * dimension),
    neighbours: rows.filter((row) => row !== places[i]).subarray(0, NEIGHBOURS),
  }));
}

/** The numbers of `SAMPLE` of so many rows, or of all of them. */
export function evenlySpread(rows: number): number[] {
  const count = Math.min(rows, SAMPLE);
  return Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
}

function gathered(vectors: Float32Array, dimension: number, places: number[]): Float32Array {
  const rows = new Float32Array(places.length * dimension);
  places.forEach((row, i) => {
    rows.set(vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  });
  return rows;
}
