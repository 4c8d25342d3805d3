import { expect, it } from 'vitest';
import { keepPlaces } from '../../src/dashboard/public/assets/keep-places.js';

const arrange = (shown: string, next: string) =>
  keepPlaces([...shown], [...next], (item: string) => item).join('');

it('keeps what stays in its place, and puts what is new where something has left', () => {
  expect(arrange('', 'abc')).toBe('abc');
  expect(arrange('abcd', 'dcba')).toBe('abcd');
  expect(arrange('abcd', 'xdbya')).toBe('abxdy');
  expect(arrange('abcd', 'db')).toBe('bd');
  expect(arrange('ab', 'xyz')).toBe('xyz');
});
