/** Letters that Unicode does not decompose into a base letter and a mark, as they are typed without them. */
const PLAIN_LETTERS: Record<string, string> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
};

/**
 * The text that a title, artist, album or genre is searched by: lower case, without diacritics (NFKD) and
 * special characters, words separated by one blank. Apply it to the query as well. The shown text stays
 * untouched. A text of special characters alone gives the empty string.
 */
export function searchText(value: string): string {
  return (
    value
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      // Upper case first, for it makes ß to SS. Neither depends on the locale.
      .toUpperCase()
      .toLowerCase()
      .replace(/[æœøłđðþħı]/g, (letter) => PLAIN_LETTERS[letter])
      // Without a blank in its place, so that `don't` and `dont` are the same word.
      .replace(/['’ʼ`´]/g, '')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  );
}
