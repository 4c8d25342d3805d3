import { describe, expect, it } from 'vitest';
import { stragglersOf, summariseAttempts, underWayBy } from '../../src/jobs/attempt-summary.ts';
import type { WorkerStatus } from '../../src/jobs/run-status.ts';
import { blocksOf } from '../../src/jobs/timeline.ts';
import type { Attempt } from '../../src/store/attempt-log.ts';

/** Times in seconds. */
const attempt = (
  worker: string,
  begun: number,
  ended: number | null,
  event: Attempt['event'] = ended === null ? 'begun' : 'done',
  partition = `p${begun}`,
): Attempt => ({
  worker,
  stage: 'extract',
  partition,
  begun: begun * 1_000,
  ended: ended && ended * 1_000,
  event,
  reason: event === 'given up' ? `it failed at ${ended}` : null,
});

const nobody = () => false;

/** A worker that told at a time in seconds which partitions it works on. */
const worker = (id: string, seenAt: number, partitions: string[], run = 'a'): WorkerStatus => ({
  ...{ id, host: 'attic', pid: 1, concurrency: 2, cores: 2, busyCores: null, memory: null },
  current: partitions.map((partition) => ({ stage: 'extract', run, partition })),
  seenAt: new Date(seenAt * 1_000).toISOString(),
});

describe('the timeline', () => {
  it('is empty before the first attempt', () => {
    expect(blocksOf([], nobody, 5_000)).toEqual({ beginsAt: null, seconds: 0, workers: [], blocks: [] });
  });

  it('gives each processor of a worker a lane', () => {
    const attempts = [attempt('a', 10, 20), attempt('a', 12, 30), attempt('b', 15, 18), attempt('a', 20, 28)];
    const { beginsAt, seconds, workers, blocks } = blocksOf(attempts, nobody, 99_000);
    expect(beginsAt).toBe('1970-01-01T00:00:10.000Z');
    expect(seconds).toBe(20);
    expect(workers).toEqual([
      { id: 'a', attempts: 3, failed: 0, busySeconds: 36 },
      { id: 'b', attempts: 1, failed: 0, busySeconds: 3 },
    ]);
    expect(blocks.map(({ worker, lane, begin, end }) => [worker, lane, begin, end])).toEqual([
      [0, 0, 0, 10],
      [0, 0, 10, 18],
      [0, 1, 2, 20],
      [1, 0, 5, 8],
    ]);
  });

  it('tells what is under way from what was lost with its worker, which ends at its last sign of life', () => {
    const attempts = [attempt('dead', 0, 6), attempt('dead', 2, null), attempt('alive', 3, null)];
    const { blocks, workers, seconds } = blocksOf(attempts, ({ worker }) => worker === 'alive', 50_000);
    expect(blocks.map(({ begin, end, outcome }) => [begin, end, outcome])).toEqual([
      [0, 6, 'done'],
      [2, 6, 'lost'],
      [3, 50, 'active'],
    ]);
    expect(workers.map(({ failed }) => failed)).toEqual([1, 0]);
    expect(seconds).toBe(50);
  });

  it('goes by what a living worker says it does, and not by an end that is not written', () => {
    const attempts = [
      attempt('a', 1, null),
      attempt('a', 2, null),
      attempt('a', 3, 4),
      attempt('a', 9, null),
      attempt('b', 5, null),
    ];
    const begunUnderWay = (workers: WorkerStatus[]) =>
      attempts.filter(underWayBy(workers, 'a')).map(({ begun }) => begun / 1_000);
    expect(begunUnderWay([worker('a', 8, ['p2', 'p3']), worker('c', 8, ['p5'])])).toEqual([2, 9]);
    expect(begunUnderWay([worker('a', 10, ['p1'], 'another run'), worker('b', 10, ['p5'])])).toEqual([5]);
    expect(begunUnderWay([])).toEqual([]);
  });

  it('joins what is too short to be told apart, and never a failure with a success', () => {
    const attempts = Array.from({ length: 40_000 }, (_, i) => {
      const second = Math.floor(i / 8);
      return attempt(`w${i % 8}`, second, second + 0.9, i === 20_000 ? 'failed' : 'done');
    });
    const { blocks, workers } = blocksOf(attempts, nobody, 1e9);
    expect(blocks.length).toBeLessThan(4_000);
    expect(blocks.reduce((sum, block) => sum + block.attempts, 0)).toBe(40_000);
    expect(blocks.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { begin: 2_500, end: 2_500.9, attempts: 1 },
    ]);
    expect(workers).toHaveLength(8);
  });
});

describe('the summary of attempts', () => {
  it('has quantiles by the nearest rank', () => {
    const attempts = [5, 1, 4, 2, 3, 10, 7, 8, 9, 6].map((length) => attempt('a', 0, length));
    expect(summariseAttempts(attempts, 0).extract.durations).toEqual({ count: 10, p50: 5, p90: 9, max: 10 });
    expect(summariseAttempts([], 0).extract.durations).toBeNull();
  });

  it('counts a partition as given up by its last attempt, until it is given out again', () => {
    const attempts = [
      attempt('a', 1, 2, 'failed', 'p'),
      attempt('b', 3, 4, 'given up', 'p'),
      attempt('a', 3, 4, 'given up', 'q'),
      attempt('a', 5, 6, 'done', 'q'),
    ];
    expect(summariseAttempts(attempts, 0).extract.givenUp).toEqual({ count: 1, reason: 'it failed at 4' });
    expect(summariseAttempts(attempts, 4_500).extract.givenUp.count).toBe(0);
  });

  it('calls stragglers what takes more than three times the median, once that is known', () => {
    const open = [attempt('a', 10, null), attempt('b', 75, null)];
    const durations = { count: 5, p50: 10, p90: 12, max: 13 };
    expect(stragglersOf('extract', durations, open, 100_000)).toEqual([
      { stage: 'extract', partition: 'p10', worker: 'a', seconds: 90 },
    ]);
    expect(stragglersOf('extract', { ...durations, count: 4 }, open, 100_000)).toEqual([]);
  });
});
