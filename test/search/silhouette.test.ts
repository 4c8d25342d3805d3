import { expect, test } from 'vitest';
import { silhouettes } from '../../src/search/silhouette.ts';
import golden from '../fixtures/search/silhouette.json' with { type: 'json' };

test('agrees with scikit-learn to 1e-9', () => {
  const found = silhouettes(
    Float32Array.from(golden.vectors),
    golden.dimension,
    Uint32Array.from(golden.assignment),
  );
  expect(found.length).toBe(golden.silhouettes.length);
  found.forEach((value, row) => {
    expect(Math.abs(value - golden.silhouettes[row])).toBeLessThan(1e-9);
  });
});

test('is 0 where there is no other cluster, or nothing else in the own one', () => {
  const vectors = Float32Array.of(1, 2, 9);
  expect([...silhouettes(vectors, 1, Uint32Array.of(0, 0, 0))]).toEqual([0, 0, 0]);
  expect(silhouettes(vectors, 1, Uint32Array.of(0, 0, 5))[2]).toBe(0);
  expect([...silhouettes(Float32Array.of(4, 4, 4, 4), 1, Uint32Array.of(0, 0, 1, 1))]).toEqual([0, 0, 0, 0]);
});
