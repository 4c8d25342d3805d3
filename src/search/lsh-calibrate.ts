import { exactNearestNeighbors } from './exact.ts';
import type { LshIndex } from './lsh-index.ts';
import { visitBuckets } from './lsh-probes.ts';

/** Rows taken as queries, and neighbours looked for: recall@10 of 100 queries. */
const QUERIES = 100;
const NEIGHBOURS = 10;

/** Recall on the sample. Above the 0.95 that is meant, for other queries do a little better or worse. */
const RECALL = 0.96;

/**
 * The number of probes with which the index finds `RECALL` of the true nearest neighbours of its own rows, a
 * sample of them evenly spread. At most as many as rows.
 */
export function calibrateProbes(index: LshIndex): number {
  const { vectors, dimension } = index;
  const rows = vectors.length / dimension;
  const queries = Math.min(rows, QUERIES);
  const needed: number[] = [];
  for (let i = 0; i < queries; i++) needed.push(...probesNeeded(index, Math.floor((i * rows) / queries)));
  needed.sort((a, b) => a - b);
  return needed[Math.ceil(needed.length * RECALL) - 1] ?? 1;
}

/** For each of the nearest neighbours of a row the probe that finds it first. */
function probesNeeded(index: LshIndex, queryRow: number): number[] {
  const { vectors, dimension, bucketRows } = index;
  const query = vectors.subarray(queryRow * dimension, (queryRow + 1) * dimension);
  const missing = new Set(exactNearestNeighbors(vectors, query, NEIGHBOURS, queryRow).rows);
  const limit = vectors.length / dimension;
  const needed: number[] = [];
  let probes = 0;
  visitBuckets(index, query, (start, end) => {
    probes++;
    for (let i = start; i < end; i++) if (missing.delete(bucketRows[i])) needed.push(probes);
    return missing.size > 0 && probes < limit;
  });
  for (const _ of missing) needed.push(limit);
  return needed;
}
