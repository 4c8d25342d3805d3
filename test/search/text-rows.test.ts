import { describe, expect, test } from 'vitest';
import { hasRow, rowSetOf } from '../../src/search/row-set.ts';
import { rowSetWithWords, rowsWithWords, textColumn } from '../../src/search/text-rows.ts';

const TEXTS = ['ab', 'bc', '', 'cab', 'öl abc', 'b', '', 'bca ab'];
const column = textColumn(TEXTS);

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
  const { total, rows } = rowsWithWords(column, words, 0, TEXTS.length);
  expect(total).toBe(expected.length);
  expect([...rows].sort()).toEqual(expected);
  const set = rowSetWithWords(column, words);
  expect(set.count).toBe(expected.length);
  expect(TEXTS.flatMap((_, row) => (hasRow(set, row) ? [row] : []))).toEqual(expected);
  for (let offset = 0; offset < 4; offset++) {
    for (let limit = 0; limit < 4; limit++) {
      const page = rowsWithWords(column, words, offset, limit);
      expect(page.total).toBe(expected.length);
      expect([...page.rows]).toEqual([...rows].slice(offset, offset + limit));
    }
  }
});

test('accepts only the rows of a set', () => {
  const accept = rowSetOf(TEXTS.length, (row) => row !== 3);
  expect([...rowsWithWords(column, ['ab'], 0, 9, accept).rows].sort()).toEqual([0, 4, 7]);
  expect(rowSetWithWords(column, ['ab'], accept).count).toBe(3);
});

describe('what is found stands in the order of where', () => {
  // Title, artist, album, genre.
  const tracks = textColumn([
    'unsnowed\nada\nroads\nrock',
    'road\nthe snow owls\n\nfolk',
    'first snow\nada\nroads\njazz',
    'snow\nbruno\nsnow\nrock',
    'road\nada\nsnow hill\nrock',
    'snowfall\nsnow\nsnow\nfolk',
    'road\nada\n\nsnow',
  ]);
  const ranksOf = (...words: string[]) => {
    const { rows, ranks } = rowsWithWords(tracks, words, 0, 9);
    return Array.from(rows, (row, i) => [row, ranks[i]]);
  };

  test('the beginning of the title, a word of it, the artist, the album, the genre, within a word', () => {
    expect(ranksOf('snow')).toEqual([
      [3, 0],
      [5, 0],
      [2, 1],
      [1, 2],
      [4, 3],
      [6, 4],
      [0, 5],
    ]);
  });

  test('the word that is found last decides of several, whatever their order', () => {
    expect(ranksOf('snow', 'ada')).toEqual([
      [2, 2],
      [4, 3],
      [6, 4],
      [0, 5],
    ]);
    expect(ranksOf('ada', 'snow')).toEqual(ranksOf('snow', 'ada'));
  });

  test('words across the end of a field are none', () => {
    expect(rowsWithWords(tracks, ['snow bruno'], 0, 9).total).toBe(0);
    expect(ranksOf('first', 'sn')).toEqual([[2, 0]]);
  });
});

test('finds nothing where there is no text', () => {
  const empty = { bytes: new Uint8Array(0), starts: Int32Array.of(0, 0, 0) };
  expect(rowsWithWords(empty, ['a'], 0, 5)).toEqual({
    total: 0,
    rows: new Uint32Array(0),
    ranks: new Uint8Array(0),
  });
});
