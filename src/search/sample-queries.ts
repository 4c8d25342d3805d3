import { evenlySpread } from './evenly-spread.ts';
import { exactNearestNeighborsBatch } from './exact.ts';

/** Queries of a sample, at most: recall@10 is then known to about half of one in a hundred. */
const SAMPLE = 1000;

/** Values that the scan for their neighbours reads, at most: it takes some three seconds. */
const SCANNED = 2 ** 36;

/** Queries that no equal row stands in front of, for these alone to be taken. */
const ENOUGH = 100;

/** Neighbours of a query, and the rows at no distance up to which more are looked for. */
const NEIGHBOURS = 10;
const EQUAL_ROWS = 1000;

/** A query with the rows that are truly nearest to it. */
export interface SampleQuery {
  query: Float32Array;
  neighbours: Uint32Array;
}

/** A row in the form of a query. */
export type AsQuery = (row: Float32Array) => Float32Array;

/**
 * What an index is tuned on: a sample of its rows, evenly spread. A row is no neighbour of its own, nor is one equal to
 * it: those are found at once, and tell nothing of queries that no row is equal to. For rows of which there are many
 * not to count for more than others, the first of equal ones alone is taken, where that leaves enough.
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
  const rows = vectors.length / dimension;
  const places = evenlySpread(rows, Math.min(most, Math.ceil(SCANNED / Math.max(1, vectors.length))));
  const sample = places.map((place): SampleQuery => {
    const row = vectors.subarray(place * dimension, (place + 1) * dimension);
    return { query: asQuery(row).slice(), neighbours: new Uint32Array(0) };
  });
  let taken = Array.from(sample.keys());
  let asked = taken;
  for (let k = NEIGHBOURS + 1; asked.length > 0; k *= 8) {
    const queries = new Float32Array(asked.length * dimension);
    asked.forEach((number, i) => {
      queries.set(sample[number].query, i * dimension);
    });
    const found = exactNearestNeighborsBatch(vectors, dimension, queries, k);
    asked.forEach((number, i) => {
      sample[number].neighbours = found[i].rows
        .filter((row) => !areEqual(vectors, dimension, row, places[number]))
        .subarray(0, NEIGHBOURS);
    });
    if (k === NEIGHBOURS + 1) {
      const firsts = asked.filter((number, i) => isFirst(found[i].rows, places[number]));
      if (firsts.length >= ENOUGH) taken = firsts;
    }
    if (k >= Math.min(rows, EQUAL_ROWS)) break;
    asked = taken.filter((number) => sample[number].neighbours.length < NEIGHBOURS);
  }
  return taken.map((number) => sample[number]);

  /** Rows of equal distances come in their order. */
  function isFirst(found: Uint32Array, place: number): boolean {
    return found.every((row) => row >= place || !areEqual(vectors, dimension, row, place));
  }
}

function areEqual(vectors: Float32Array, dimension: number, a: number, b: number): boolean {
  for (let i = 0; i < dimension; i++) {
    if (vectors[a * dimension + i] !== vectors[b * dimension + i]) return false;
  }
  return true;
}
