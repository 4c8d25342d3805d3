import { expect, test } from 'vitest';
import { sortedInTurns, turnOfOnesOwn } from '../../src/dashboard/subsonic/in-turns.ts';
import { createRandom } from '../../src/search/random.ts';

test.each([0, 1, 2047, 2048, 2049, 9001, 16_384])(
  'sorts %i items as toSorted does, equal ones in their order',
  async (count) => {
    const random = createRandom(count);
    const items = Array.from({ length: count }, (_, place) => ({
      key: Math.floor(300 * random.uniform()),
      place,
    }));
    const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
    expect(await sortedInTurns(items, compare)).toEqual(items.toSorted(compare));
  },
);

test('others have their turn while it sorts', async () => {
  let turns = 0;
  const count = () => {
    turns++;
    again = setImmediate(count);
  };
  let again = setImmediate(count);
  await sortedInTurns(new Array(20_000).fill(0), (a: number, b: number) => a - b);
  clearImmediate(again);
  expect(turns).toBeGreaterThan(15);
});

test('each has a turn of its own', async () => {
  let turn = 0;
  const count = () => {
    turn++;
    again = setImmediate(count);
  };
  let again = setImmediate(count);
  const turns = await Promise.all(Array.from({ length: 5 }, () => turnOfOnesOwn().then(() => turn)));
  clearImmediate(again);
  expect(new Set(turns).size).toBe(5);
});
