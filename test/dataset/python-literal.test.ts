import { describe, expect, it } from 'vitest';
import { parsePythonLiteral } from '../../src/dataset/python-literal.ts';

describe('parsePythonLiteral', () => {
  it.each([
    ['[]', []],
    ['[21]', [21]],
    ['[ 1 , -2.5, 1e3, .5, ]', [1, -2.5, 1000, 0.5]],
    [`['a', "it's", 'say "hi"']`, ['a', "it's", 'say "hi"']],
    [`['it\\'s "both"']`, [`it's "both"`]],
    ["['a, b', 'c]', '{', '']", ['a, b', 'c]', '{', '']],
    [String.raw`'tab\t line\n back\\slash bell\a'`, 'tab\t line\n back\\slash bell\x07'],
    [String.raw`'caf\xe9 \u2603 \U0001f3b5 \101\0'`, 'café ☃ 🎵 A\0'],
    // Python keeps the backslash of an escape that it does not know.
    [String.raw`'\d\🎵'`, '\\d\\🎵'],
    ["'a\\\nb'", 'ab'],
    ['[None, True, False]', [null, true, false]],
    [
      "{'genre_id': '21', 'n': {'a': [1]}, 3: None}",
      { genre_id: '21', n: { a: [1] }, 3: null } as Record<string, unknown>,
    ],
    ['[[1], [[]], {}]', [[1], [[]], {}]],
    [' 7 ', 7],
  ])('reads %s', (text, value) => {
    expect(parsePythonLiteral(text)).toEqual(value);
  });

  it.each([
    '',
    '[',
    '[21, 15',
    '[1 2]',
    '[,]',
    "'open",
    "'a\nb'",
    "['a']]",
    '{1}',
    "{'a': }",
    '{[1]: 2}',
    'nan',
    'toString',
    '1abc',
    String.raw`'\x4'`,
    String.raw`'\U00110000'`,
  ])('refuses %j', (text) => {
    expect(() => parsePythonLiteral(text)).toThrow(SyntaxError);
  });

  it('makes a plain key of __proto__', () => {
    expect(Object.keys(parsePythonLiteral("{'__proto__': 1}") as object)).toEqual(['__proto__']);
  });
});
