import { leastRank } from './least-rank.ts';
import type { LshIndex } from './lsh-index.ts';
import { MAXIMUM_RERANK } from './lsh-index.ts';
import { NO_MORE } from './lsh-probes.ts';
import { LshScanner } from './lsh-scan.ts';
import type { SampleQuery } from './sample-queries.ts';

/**
 * The buckets' share of the misses, the first that is small enough for codes and safety to do with the others. Looking
 * at the rows of a bucket costs as much as ranking a few rows more.
 */
const BUCKETS_SHARES = [0.6, 0.4, 0.2, 0];

/**
 * The fewest probes and the fewest places to re-rank with which the index finds a share of the true nearest
 * neighbours of queries like those of a sample.
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
  const settingFor = (needed: number) => {
    const places = sample.map((query) => placesNeeded(scanner, query, needed));
    return { probes: needed, reRank: leastRank(places, recall) };
  };
  if (probes !== undefined) return atMost(settingFor(probes));
  const allNeeded = sample.flatMap((query) => probesNeeded(index, scanner, query)).sort((a, b) => a - b);
  let setting = settingFor(quantile(allNeeded, 1 - BUCKETS_SHARES[0] * (1 - recall)));
  for (const share of BUCKETS_SHARES.slice(1)) {
    if (Number.isFinite(setting.reRank)) break;
    setting = settingFor(quantile(allNeeded, 1 - share * (1 - recall)));
  }
  return atMost(setting);
}

function atMost({ probes, reRank }: { probes: number; reRank: number }) {
  return { probes, reRank: Math.min(reRank, MAXIMUM_RERANK) };
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
    return score === undefined ? Number.POSITIVE_INFINITY : scores.lastIndexOf(score) + 1;
  });
}

/** @param values Rising. */
function quantile(values: number[], share: number): number {
  return values[Math.ceil(values.length * share) - 1] ?? 1;
}
