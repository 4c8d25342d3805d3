import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { forEachConcurrently } from '../../src/dataset/for-each-concurrently.ts';

it('runs every item once, never more than the limit at a time', async () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const seen: number[] = [];
  let running = 0;
  let most = 0;
  await forEachConcurrently(items, 4, async (item) => {
    most = Math.max(most, ++running);
    for (let wait = item % 3; wait >= 0; wait--) await setImmediate();
    seen.push(item);
    running--;
  });
  expect(seen.sort((a, b) => a - b)).toEqual(items);
  expect(most).toBe(4);
});

it('begins no new item after one has failed', async () => {
  const begun: number[] = [];
  const run = forEachConcurrently([0, 1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await setImmediate();
    if (item === 1) throw new Error('one');
  });
  await expect(run).rejects.toThrow('one');
  await setImmediate();
  expect(begun.length).toBeLessThan(6);
});
