import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/search/random.ts';
import { countChosen, hasRow, listRows, rowSetOf } from '../../src/search/row-set.ts';

describe.each([0, 1, 31, 32, 33, 64, 1000])('a set of %i rows', (rows) => {
  const random = createRandom(rows + 1);
  const chosen = Array.from({ length: rows }, (_, row) => row).filter(() => random.uniform() < 0.4);
  const set = rowSetOf(rows, (row) => chosen.includes(row));

  test('has the rows that were accepted, and counts them', () => {
    expect(Array.from({ length: rows }, (_, row) => row).filter((row) => hasRow(set, row))).toEqual(chosen);
    expect(set.count).toBe(chosen.length);
    expect(set.words.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('lists its rows from any row on', () => {
    for (let from = 0; from <= rows; from += 7) {
      for (const most of [0, 1, 5, 2000]) {
        const listed = new Uint32Array(2000);
        const count = listRows(set, from, most, listed);
        expect([...listed.subarray(0, count)]).toEqual(chosen.filter((row) => row >= from).slice(0, most));
      }
    }
  });

  test('counts those that may be found, each excluded row once', () => {
    const others = chosen.slice(0, 3);
    expect(countChosen(rows, { accept: set, excludeRows: [...others, ...others] })).toBe(
      chosen.length - others.length,
    );
    expect(countChosen(rows, {})).toBe(rows);
  });
});
