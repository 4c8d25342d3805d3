import type { LshIndex } from './lsh-index.ts';
import { visitBuckets } from './lsh-probes.ts';
import type { SampleQuery } from './sample-queries.ts';

/**
 * The number of probes with which the index finds a share of the true nearest neighbours of the queries of a sample. At
 * most as many as rows.
 */
export function calibrateProbes(index: LshIndex, sample: SampleQuery[], recall: number): number {
  const needed = sample.flatMap((query) => probesNeeded(index, query)).sort((a, b) => a - b);
  return needed[Math.ceil(needed.length * recall) - 1] ?? 1;
}

/** For each of the nearest neighbours of a query the probe that finds it first. */
function probesNeeded(index: LshIndex, { query, neighbours }: SampleQuery): number[] {
  const { vectors, dimension, bucketRows } = index;
  const missing = new Set(neighbours);
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
