import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesInMemory, hashing, withFile } from '../../src/audio/byte-source.ts';

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i) % 251);
const sha256 = createHash('sha256').update(bytes).digest('hex');

test('a file gives the bytes asked for, and fewer at its end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soundalike-'));
  try {
    const path = join(folder, 'sound');
    await writeFile(path, bytes);
    await withFile(path, async (source) => {
      expect(source.size).toBe(bytes.length);
      expect(same(await source.read(1000, 2_000_000), bytes.subarray(1000, 2_001_000))).toBe(true);
      expect(await source.read(bytes.length - 5, 100)).toEqual(bytes.subarray(-5));
      expect((await source.read(bytes.length + 5, 100)).length).toBe(0);
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ['nothing', []],
  ['the start', [[0, 1000]]],
  [
    'all, in pieces',
    [
      [0, 1_000_000],
      [1_000_000, 1_500_000],
      [2_500_000, 1_500_000],
    ],
  ],
  [
    'pieces that overlap, the end first',
    [
      [2_900_000, 100],
      [0, 131_072],
      [0, 1_048_576],
      [5, 16],
    ],
  ],
])('the hash is that of all bytes when %s was read', async (_, reads) => {
  const source = hashing(bytesInMemory(bytes));
  for (const [start, length] of reads) {
    expect(same(await source.read(start, length), bytes.subarray(start, start + length))).toBe(true);
  }
  expect(await source.sha256()).toBe(sha256);
});
