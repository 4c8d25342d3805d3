import { describe, expect, test } from 'vitest';
import { leastRank } from '../../src/search/least-rank.ts';

/** Queries with ten neighbours each at the ranks 1 to 10. */
const equal = (queries: number) => Array.from({ length: queries }, () => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

describe('the least rank', () => {
  test('is the share itself where all queries are alike', () => {
    expect(leastRank(equal(50), 0.7)).toBe(7);
    expect(leastRank(equal(50), 0.71)).toBe(8);
    expect(leastRank(equal(50), 1)).toBe(10);
  });

  test('is the surer the fewer the queries', () => {
    const mixed = (queries: number) =>
      Array.from({ length: queries }, (_, i) => Array.from({ length: 10 }, (_, j) => 1 + ((i + j * j) % 97)));
    const [few, many] = [leastRank(mixed(97), 0.9), leastRank(mixed(9700), 0.9)];
    expect(few).toBeGreaterThan(many);
    expect(many).toBeGreaterThanOrEqual(88);
    expect(few).toBeLessThanOrEqual(97);
  });

  test('is infinite where too many are never found', () => {
    const ranks = Array.from({ length: 100 }, () => [1, Number.POSITIVE_INFINITY]);
    expect(leastRank(ranks, 0.5)).toBe(1);
    expect(leastRank(ranks, 0.6)).toBe(Number.POSITIVE_INFINITY);
  });

  test('is 1 where no query has neighbours', () => {
    expect(leastRank([[], []], 0.9)).toBe(1);
    expect(leastRank([], 0.9)).toBe(1);
  });
});
