import { expect, it } from 'vitest';
import { searchText } from '../../src/dataset/search-fields.ts';

it.each([
  ['  Señor – “Ünïcode” №7 ', 'senor unicode no7'],
  ["Don't <i>Stop</i>", 'dont i stop i'],
  ['Don’t', 'dont'],
  ['AC/DC', 'ac dc'],
  ['Sigur Rós & Björk', 'sigur ros bjork'],
  ['Røyksopp, Łódź, Æther, ıĞ', 'royksopp lodz aether ig'],
  ['İstanbul', 'istanbul'],
  ['Straße', 'strasse'],
  ['ΣΊΣΥΦΟΣ', 'σισυφος'],
  ['ﬁne ①', 'fine 1'],
  ['東京 音頭', '東京 音頭'],
  ['!!!', ''],
  ['', ''],
])('makes %j into %j', (title, text) => {
  expect(searchText(title)).toBe(text);
});

it('finds a title by itself, composed or decomposed, in any case', () => {
  for (const title of ['Señor', 'Ångström', 'STRASSE', 'σίσυφος', 'Жуҗ']) {
    for (const variant of [title.normalize('NFD'), title.toUpperCase(), title.toLowerCase()]) {
      expect(searchText(variant)).toBe(searchText(title));
    }
  }
});

it('leaves its own result as it is', () => {
  for (const title of ['Don’t “Stop”', 'ÆØÅ ß', '№7 ½', 'がぎ']) {
    expect(searchText(searchText(title))).toBe(searchText(title));
  }
});
