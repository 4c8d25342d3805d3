import { expect, test } from 'vitest';
import { allocateShared, memoryOf, takeRoom } from '../../src/wasm/shared-memory.ts';

test('the bytes are a memory that grows without moving them', () => {
  const bytes = allocateShared(100_000);
  expect(bytes).toHaveLength(100_000);
  bytes.fill(7);
  const memory = memoryOf(bytes.buffer)!;
  const first = takeRoom(memory, 1);
  const second = takeRoom(memory, 65_537);
  expect(first).toBeGreaterThanOrEqual(100_000);
  expect(second).toBe(first + 65_536);
  expect(memory.buffer.byteLength).toBe(second + 2 * 65_536);
  bytes[99_999] = 8;
  expect([...new Uint8Array(memory.buffer, 99_998, 3)]).toEqual([7, 8, 0]);
});

test('no other buffer is a memory of kernels', () => {
  expect(memoryOf(new SharedArrayBuffer(8))).toBeUndefined();
  expect(memoryOf(new ArrayBuffer(8))).toBeUndefined();
});
