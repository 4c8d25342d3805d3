import { expect, test } from 'vitest';
import { groupPairs } from '../../src/search/duplicate-rows.ts';

test('puts connected rows into one group, with the distance to the nearest of it', () => {
  const pairs = [
    { row: 1, other: 7, distance: 0.3 },
    { row: 2, other: 9, distance: 0.1 },
    { row: 4, other: 7, distance: 0.2 },
    { row: 4, other: 8, distance: 0 },
  ];
  expect(groupPairs(pairs, 10)).toEqual([
    [
      { row: 1, distance: 0.3 },
      { row: 4, distance: 0 },
      { row: 7, distance: 0.2 },
      { row: 8, distance: 0 },
    ],
    [
      { row: 2, distance: 0.1 },
      { row: 9, distance: 0.1 },
    ],
  ]);
});

test('joins groups that a later pair connects', () => {
  const pairs = [
    { row: 0, other: 5, distance: 1 },
    { row: 1, other: 4, distance: 1 },
    { row: 2, other: 3, distance: 1 },
    { row: 3, other: 4, distance: 1 },
    { row: 4, other: 5, distance: 1 },
  ];
  expect(groupPairs(pairs, 6).map((group) => group.map(({ row }) => row))).toEqual([[0, 1, 2, 3, 4, 5]]);
  expect(groupPairs([], 6)).toEqual([]);
});
