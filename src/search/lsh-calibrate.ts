import type { LshIndex } from './lsh-index.ts';
import { MAXIMUM_RERANK } from './lsh-index.ts';
import { NO_MORE } from './lsh-probes.ts';
import { LshScanner } from './lsh-scan.ts';
import type { SampleQuery } from './sample-queries.ts';

/** The buckets' share of the misses. Looking at the rows of a bucket costs as much as ranking a few rows more. */
const BUCKETS_SHARE = 0.75;

/**
 * The fewest probes and the fewest places to re-rank with which the index finds a share of the true nearest
 * neighbours of the queries of a sample.
 *
 * @param probes To count the places only.
 */
export function calibrateLsh(
  index: LshIndex,
  sample: SampleQuery[],
  recall: number,
  probes?: number,
): { probes: number; reRank: number } {
  const scanner = new LshScanner(index);
  const needed =
    probes ??
    quantile(
      sample.flatMap((query) => probesNeeded(index, scanner, query)),
      1 - BUCKETS_SHARE * (1 - recall),
    );
  const places = sample.flatMap((query) => placesNeeded(scanner, query, needed));
  return { probes: needed, reRank: quantile(places, recall) };
}

/** For each of the nearest neighbours of a query the probe that finds it first; at most as many as rows. */
function probesNeeded(index: LshIndex, scanner: LshScanner, { query, neighbours }: SampleQuery): number[] {
  const { vectors, dimension } = index;
  const limit = vectors.length / dimension;
  const missing = new Set(neighbours);
  const inBucket = new Map<number, number[]>();
  for (const row of neighbours) {
    for (const bucket of scanner.bucketsOf(vectors.subarray(row * dimension, (row + 1) * dimension))) {
      inBucket.set(bucket, [...(inBucket.get(bucket) ?? []), row]);
    }
  }
  const needed: number[] = [];
  scanner.begin(query);
  for (let probes = 1; missing.size > 0 && probes < limit; probes++) {
    const bucket = scanner.probes.next();
    if (bucket === NO_MORE) break;
    for (const row of inBucket.get(bucket) ?? []) if (missing.delete(row)) needed.push(probes);
  }
  for (const _ of missing) needed.push(limit);
  return needed;
}

/** For each of the nearest neighbours of a query how many places score as well as its best one. */
function placesNeeded(scanner: LshScanner, { query, neighbours }: SampleQuery, probes: number): number[] {
  const found = scanner.scan(query, probes, MAXIMUM_RERANK);
  const scores = Float32Array.from({ length: found }, (_, place) => scanner.scoreAt(place)).sort();
  const best = new Map<number, number>();
  for (let place = 0; place < found; place++) {
    const row = scanner.rowAt(place);
    best.set(row, Math.min(scanner.scoreAt(place), best.get(row) ?? Number.POSITIVE_INFINITY));
  }
  return Array.from(neighbours, (row) => {
    const score = best.get(row);
    return score === undefined ? MAXIMUM_RERANK : scores.lastIndexOf(score) + 1;
  });
}

function quantile(values: number[], share: number): number {
  values.sort((a, b) => a - b);
  return values[Math.ceil(values.length * share) - 1] ?? 1;
}
