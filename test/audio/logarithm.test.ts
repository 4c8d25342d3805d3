import { expect, test } from 'vitest';
import { type Computation, logarithm, power } from '../../src/audio/logarithm.ts';
import { advance, type Code, kernel, load, set, store, whileBelow } from '../../src/audio/wasm-kernel.ts';
import { allocateTable, heap } from '../../src/audio/wasm-memory.ts';

/** From 1e-30 to 1e30. */
const values = Float32Array.from({ length: 4096 }, (_, i) => 10 ** ((i - 2048) / 68) * (1 + (i % 7) / 9));

function computed(
  computation: (x: Code, vector: () => Code) => Computation,
  inputs: Float32Array,
): Float32Array {
  const place = allocateTable(inputs);
  const run = kernel(({ parameter, vector }) => {
    const [value, end] = [parameter(), parameter()];
    const x = vector();
    const { statements, result } = computation(x, vector);
    return [
      whileBelow(value, end, set(x, load(value)), ...statements, store(value, result), advance(value, 16)),
    ];
  });
  run(4 * place, 4 * (place + inputs.length));
  return heap().slice(place, place + inputs.length);
}

test('the logarithm is that of Math.log', () => {
  const scale = 10 / Math.LN10;
  const decibels = computed((x, vector) => logarithm(x, scale, vector), values);
  for (const [i, value] of values.entries()) {
    const expected = scale * Math.log(value);
    expect(Math.abs(decibels[i] - expected)).toBeLessThan(1e-7 * (scale + 2 * Math.abs(expected)));
  }
});

test('the power is that of Math.pow, and 0 stays 0', () => {
  const inputs = values.slice();
  inputs[5] = 0;
  const powers = computed((x, vector) => power(x, 0.23, vector), inputs);
  expect(powers[5]).toBe(0);
  for (const [i, value] of inputs.entries()) {
    expect(Math.abs(powers[i] - value ** 0.23)).toBeLessThanOrEqual(2e-6 * value ** 0.23);
  }
});
