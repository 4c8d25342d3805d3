import { expect, test } from 'vitest';
import { countJobs, currentStep, iterationsBegun } from '../../src/jobs/cluster-steps.ts';

const stepOf = (...committed: string[]) => currentStep(2, new Set(committed));

const SURVEYED = ['survey-0', 'survey-1'];
const ITERATED = [...SURVEYED, 'centres-0', 'sums-0-0', 'sums-0-1'];
const FINAL = [...ITERATED, 'final'];

test.each([
  [[], ['survey-0', 'survey-1'], true],
  [['survey-1'], ['survey-0'], false],
  [SURVEYED, ['start'], true],
  [[...SURVEYED, 'centres-0'], ['sums-0-0', 'sums-0-1'], true],
  [ITERATED, ['update-0'], true],
  [[...ITERATED, 'centres-1'], ['sums-1-0', 'sums-1-1'], true],
  [[...ITERATED, 'centres-1', 'sums-1-1'], ['sums-1-0'], false],
  [FINAL, ['measure-0', 'measure-1'], true],
  [[...FINAL, 'measure-0', 'measure-1'], ['statistics'], true],
  [[...FINAL, 'measure-0', 'measure-1', 'statistics', 'score-0'], ['score-1'], false],
  [[...FINAL, 'measure-0', 'measure-1', 'statistics', 'score-0', 'score-1'], ['finish'], true],
])('after %j come %j', (committed, lacking, isNew) => {
  expect(stepOf(...committed)).toEqual({ lacking, isNew });
});

test('begins anew with what was deleted', () => {
  expect(stepOf(...FINAL.slice(1)).lacking).toEqual(['survey-0']);
});

test('counts the jobs of all iterations until it knows how many there are', () => {
  expect(countJobs(2, 20, new Set(ITERATED))).toBe(2 * 3 + 20 * 3 + 3);
  expect(countJobs(2, 20, new Set(FINAL))).toBe(2 * 3 + 3 + 3);
  expect(iterationsBegun(new Set(FINAL))).toBe(1);
});
