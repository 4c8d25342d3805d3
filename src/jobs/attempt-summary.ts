import type { Attempt } from '../store/attempt-log.ts';
import { STAGES, type StageName } from './registry.ts';
import type { Durations, Straggler, WorkerStatus } from './run-status.ts';

/** What the log of attempts says of a stage. */
export interface StageAttempts {
  durations: Durations | null;
  /** Begun, with no end written. */
  open: Attempt[];
  /** Jobs that nobody tries again unless asked, with the reason of the last. */
  givenUp: { count: number; reason: string | null };
}

/** Fewer say too little of how long a job takes. */
const LEAST_DURATIONS = 5;

/** A job that takes so many times the median is a straggler. */
const STRAGGLES = 3;

/**
 * Sums up the attempts by stage.
 *
 * @param since In ms: what was given up before was given out again then.
 */
export function summariseAttempts(
  attempts: readonly Attempt[],
  since: number,
): Record<StageName, StageAttempts> {
  return Object.fromEntries(
    STAGES.map((stage) => [
      stage,
      summarise(
        attempts.filter((attempt) => attempt.stage === stage),
        since,
      ),
    ]),
  ) as Record<StageName, StageAttempts>;
}

function summarise(attempts: readonly Attempt[], since: number): StageAttempts {
  const lengths: number[] = [];
  const open: Attempt[] = [];
  const last = new Map<string | null, Attempt>();
  for (const attempt of attempts) {
    if (attempt.ended === null) open.push(attempt);
    else if (attempt.event === 'done') lengths.push((attempt.ended - attempt.begun) / 1_000);
    if (attempt.begun >= (last.get(attempt.partition)?.begun ?? 0)) last.set(attempt.partition, attempt);
  }
  const givenUp = Array.from(last.values()).filter(
    ({ event, ended }) => event === 'given up' && ended! >= since,
  );
  return {
    durations: durationsOf(lengths),
    open,
    givenUp: { count: givenUp.length, reason: givenUp.at(-1)?.reason ?? null },
  };
}

/**
 * Tells what is under way from what was lost with its worker, or whose end could not be written.
 *
 * @param workers Those that live. Each says at its heartbeats what it works on.
 */
export function underWayBy(workers: readonly WorkerStatus[], run: string): (attempt: Attempt) => boolean {
  const byId = new Map(workers.map((worker) => [worker.id, worker]));
  return ({ worker, stage, partition, begun, ended }) => {
    const living = byId.get(worker);
    if (!living || ended !== null) return false;
    // Both times are of the worker's clock: a job that it began since then it could not tell of yet.
    if (begun >= Date.parse(living.seenAt)) return true;
    return living.current.some(
      (job) => job.run === run && job.stage === stage && job.partition === partition,
    );
  };
}

/** Quantiles by the nearest rank: a length that was measured, and none between two. */
function durationsOf(lengths: readonly number[]): Durations | null {
  const count = lengths.length;
  if (count === 0) return null;
  const sorted = Float64Array.from(lengths).sort();
  const rank = (share: number) => sorted[Math.ceil(share * count) - 1];
  return { count, p50: rank(0.5), p90: rank(0.9), max: rank(1) };
}

/**
 * The jobs under way that take long, the longest first.
 *
 * @param now In ms.
 */
export function stragglersOf(
  stage: StageName,
  durations: Durations | null,
  underWay: readonly Attempt[],
  now: number,
): Straggler[] {
  if (!durations || durations.count < LEAST_DURATIONS) return [];
  return underWay
    .map(({ partition, worker, begun }) => ({ stage, partition, worker, seconds: (now - begun) / 1_000 }))
    .filter(({ seconds }) => seconds > STRAGGLES * durations.p50)
    .sort((a, b) => b.seconds - a.seconds);
}
