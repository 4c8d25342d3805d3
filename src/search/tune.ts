import { evenlySpread } from './evenly-spread.ts';
import { exactNearestNeighborsBatch } from './exact.ts';
import { gatherRows } from './gather-rows.ts';
import { approxNearestNeighbors } from './lsh.ts';
import { calibrateLsh } from './lsh-calibrate.ts';
import type { SampleQuery } from './sample-queries.ts';
import type { Segment } from './segment.ts';
import { treeNearestNeighbors } from './tree.ts';
import { calibrateTree } from './tree-calibrate.ts';
import { EVERY_LEAF, MAXIMUM_RERANK } from './tree-index.ts';

/** Queries, half of them to count what is needed, the others to measure the recall. */
const SAMPLE = 800;

/** Rounds of timing at most, the milliseconds after which no other is begun, and the settings in all but the first. */
const ROUNDS = 9;
const TIMING = 8_000;
const FINALISTS = 4;

/** How far beyond the recall asked for a setting is calibrated, in shares of what is missing to 1. */
const MARGINS = [0, 0.25, 1];

/** Buckets or leaves in place of those that the calibration gives: more of them, for fewer rows to re-rank, or fewer. */
const SHARES = [0.8, 1, 1.4, 2];

export type TunedMethod = 'lsh' | 'tree';

export interface TuneOptions {
  method: TunedMethod;
  /** Share of the nearest rows to find, above 0, up to 1. */
  recall: number;
  /** Rows that a query asks for. */
  k: number;
}

/** A setting that was tried. */
export interface Trial {
  /** By the method's own names: `probes` or `leavesSearched`, and `reRank`. */
  setting: Record<string, number>;
  /** Measured on rows that it was not calibrated on. */
  recall: number;
  /** Of a query, the median of its rounds; null where the recall is too low to be timed. */
  microseconds: number | null;
}

export interface Tuning {
  trials: Trial[];
  /** The fastest; null where none has the recall. */
  best: Trial | null;
  /** That the recall was measured on. */
  queries: number;
}

interface TunedQuery extends SampleQuery {
  /** The row that the query is, which is no neighbour of its own. */
  row: number;
}

/** What searches with a setting that can be changed: one object, as what kernels need of an index is kept by object. */
interface Searcher {
  use(setting: Record<string, number>): void;
  search(query: TunedQuery, k: number): Uint32Array;
  /** Settings to try, from the queries of a sample. */
  candidates(sample: TunedQuery[], recall: number): Record<string, number>[];
  /** What misses the least, and takes the longest. */
  widest: Record<string, number>;
}

/**
 * Looks for the fastest setting of a segment that has a recall: a grid of settings, each calibrated on one half of a
 * sample of the rows; those that have the recall on the other half are timed, in turns. Which are timed is decided by
 * the data alone, which is the fastest by this machine.
 *
 * Of `lsh` the probes are looked for, of `tree` the leaves searched, and of both the rows re-ranked. Buckets and leaves stay.
 */
export function tuneSegment(segment: Segment, { method, recall, k }: TuneOptions): Tuning {
  const searcher = method === 'lsh' ? lshSearcher(segment) : treeSearcher(segment);
  const sample = sampleOf(segment, k);
  const measured = sample.filter((_, i) => sample.length === 1 || i % 2 === 1);
  const trialOf = (setting: Record<string, number>): Trial => {
    searcher.use(setting);
    return { setting, recall: recallOf(searcher, measured, k), microseconds: null };
  };
  const calibratedOn = sample.filter((_, i) => i % 2 === 0);
  const trials = searcher.candidates(calibratedOn, recall).map(trialOf);
  if (!trials.some((trial) => trial.recall >= recall)) trials.push(trialOf(searcher.widest));
  const survivors = trials.filter((trial) => trial.recall >= recall);
  time(survivors, searcher, measured, k);
  const [best = null] = [...survivors].sort((a, b) => a.microseconds! - b.microseconds!);
  return { trials, best, queries: measured.length };
}

function sampleOf({ vectors, header: { dimension, rows } }: Segment, k: number): TunedQuery[] {
  const places = evenlySpread(rows, SAMPLE);
  const queryOf = (row: number) => vectors.subarray(row * dimension, (row + 1) * dimension);
  const queries = gatherRows(vectors, dimension, places);
  return exactNearestNeighborsBatch(vectors, dimension, queries, k + 1).map((found, i) => ({
    row: places[i],
    query: queryOf(places[i]),
    neighbours: found.rows.filter((row) => row !== places[i]).subarray(0, k),
  }));
}

function recallOf(searcher: Searcher, queries: TunedQuery[], k: number): number {
  let found = 0;
  let wanted = 0;
  for (const query of queries) {
    const truth = new Set(query.neighbours);
    found += searcher.search(query, k).filter((row) => truth.has(row)).length;
    wanted += truth.size;
  }
  return wanted === 0 ? 1 : found / wanted;
}

/** Times settings in turns, so that what else the machine does hits all alike; after the first round the fastest only. */
function time(trials: Trial[], searcher: Searcher, queries: TunedQuery[], k: number): void {
  const timed = trials.map((trial) => ({ trial, times: [] as number[] }));
  const started = performance.now();
  let running = timed;
  for (let round = 0; round < ROUNDS && (round === 0 || performance.now() - started < TIMING); round++) {
    for (const { trial, times } of running) {
      searcher.use(trial.setting);
      const begun = performance.now();
      for (const query of queries) searcher.search(query, k);
      times.push((1000 * (performance.now() - begun)) / queries.length);
      times.sort((a, b) => a - b);
      trial.microseconds = times[times.length >> 1];
    }
    running = [...running].sort((a, b) => a.trial.microseconds! - b.trial.microseconds!).slice(0, FINALISTS);
  }
}

function lshSearcher({ lsh }: Segment): Searcher {
  const index = { ...lsh };
  const rows = lsh.vectors.length / lsh.dimension;
  return {
    use: ({ probes, reRank }) => {
      index.parameters = { ...lsh.parameters, probes, reRank };
    },
    search: ({ query, row }, k) => approxNearestNeighbors(index, query, k, { excludeRows: [row] }).rows,
    candidates: (sample, recall) =>
      around(
        recall,
        (target) => calibrateLsh(index, sample, target).probes,
        (target, probes) => calibrateLsh(index, sample, target, probes),
      ),
    widest: { probes: rows, reRank: Math.min(rows, MAXIMUM_RERANK) },
  };
}

function treeSearcher({ tree }: Segment): Searcher {
  const index = { ...tree };
  const { leaves } = tree.parameters;
  const rows = tree.vectors.length / tree.dimension;
  return {
    use: ({ reach, leavesSearched, reRank }) => {
      index.parameters = { leaves, reach, leavesSearched, reRank };
    },
    search: ({ query, row }, k) => treeNearestNeighbors(index, query, k, { excludeRows: [row] }).rows,
    candidates: (sample, recall) =>
      around(
        recall,
        (target) => calibrateTree(index, sample, target).leavesSearched,
        (target, looked) => calibrateTree(index, sample, target, Math.min(leaves, looked)),
      ),
    // Up to that many rows this one misses none.
    widest: { reach: EVERY_LEAF, leavesSearched: leaves, reRank: Math.min(rows, MAXIMUM_RERANK) },
  };
}

/**
 * The settings of a grid that a search can have, each once.
 *
 * @param middle How many buckets or leaves a recall is calibrated to.
 * @param calibrate The setting for a recall with so many of them.
 */
function around<Setting extends { reRank: number }>(
  recall: number,
  middle: (target: number) => number,
  calibrate: (target: number, looked: number) => Setting,
): Setting[] {
  const settings = MARGINS.map((margin) => recall + margin * (1 - recall)).flatMap((target) => {
    const calibrated = middle(target);
    return SHARES.map((share) => calibrate(target, Math.max(1, Math.round(share * calibrated))));
  });
  const distinct = new Map(settings.map((setting) => [JSON.stringify(setting), setting]));
  return [...distinct.values()].filter(({ reRank }) => reRank <= MAXIMUM_RERANK);
}
