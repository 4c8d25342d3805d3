import { expect, test } from 'vitest';
import { methodFor } from '../../src/search/method.ts';

test('a small segment is scanned, a large one searched by its tree', () => {
  expect(methodFor(1)).toBe('exact');
  expect(methodFor(19_999)).toBe('exact');
  expect(methodFor(20_000)).toBe('tree');
});
