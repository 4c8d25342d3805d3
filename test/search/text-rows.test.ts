import { expect, test } from 'vitest';
import { rowsWithWords } from '../../src/search/text-rows.ts';

const TEXTS = ['ab', 'bc', '', 'cab', 'öl abc', 'b', '', 'bca ab'];
const parts = TEXTS.map((text) => Buffer.from(text));
const starts = Int32Array.of(0, ...parts.map((_, row) => Buffer.concat(parts.slice(0, row + 1)).length));
const column = { bytes: Buffer.concat(parts), starts };

test.each([
  [['b']],
  [['ab']],
  [['bc', 'ab']],
  [['ö']],
  [['abb']],
  [['a', 'b', 'c']],
  [['bccab']],
  [['l abc', 'öl']],
  [['x']],
])('finds the rows of texts that include %j', (words) => {
  const expected = TEXTS.flatMap((text, row) => (words.every((word) => text.includes(word)) ? [row] : []));
  for (let offset = 0; offset < 4; offset++) {
    for (let limit = 0; limit < 4; limit++) {
      const { total, rows } = rowsWithWords(column, words, offset, limit);
      expect(total).toBe(expected.length);
      expect([...rows]).toEqual(expected.slice(offset, offset + limit));
    }
  }
});

test('finds nothing where there is no text', () => {
  const empty = { bytes: new Uint8Array(0), starts: Int32Array.of(0, 0, 0) };
  expect(rowsWithWords(empty, ['a'], 0, 5)).toEqual({ total: 0, rows: new Uint32Array(0) });
});
