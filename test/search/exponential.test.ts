import { expect, test } from 'vitest';
import { exponential } from '../../src/search/exponential.ts';

test('exponential is e to the power of x, to 1e-13 of it', () => {
  expect(exponential(0)).toBe(1);
  for (let x = 0; x > -690; x -= 0.0371) {
    expect(Math.abs(exponential(x) / Math.exp(x) - 1), `of ${x}`).toBeLessThan(1e-13);
  }
  expect(exponential(-1e9)).toBe(0);
  expect(exponential(Number.NEGATIVE_INFINITY)).toBe(0);
});
