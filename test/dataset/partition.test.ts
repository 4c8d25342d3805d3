import { describe, expect, it } from 'vitest';
import { cutPartitions } from '../../src/dataset/partition.ts';
import type { Track } from '../../src/dataset/track.ts';
import { makeTrack, randomFrom, shuffled } from './support.ts';

const MEBIBYTE = 2 ** 20;

function collection(count: number, bytes: (position: number) => number): Track[] {
  return Array.from({ length: count }, (_, i) => makeTrack(String(i).padStart(6, '0'), bytes(i)));
}

const sizeOf = (tracks: Track[]) => tracks.reduce((sum, { bytes }) => sum + bytes, 0);

describe('cutPartitions', () => {
  it('cuts 64 partitions of a collection of ordinary size', () => {
    const partitions = cutPartitions(collection(6400, () => 2 * MEBIBYTE));
    expect(partitions.map((tracks) => tracks.length)).toEqual(new Array(64).fill(100));
  });

  it('cuts no smaller than 4 MiB and no larger than 256 MiB', () => {
    expect(
      cutPartitions(collection(10, () => MEBIBYTE))
        .map(sizeOf)
        .map((size) => size / MEBIBYTE),
    ).toEqual([3, 4, 3]);
    const large = cutPartitions(collection(4096, () => 16 * MEBIBYTE));
    expect(large.map(sizeOf)).toEqual(new Array(256).fill(256 * MEBIBYTE));
  });

  it('puts at most 1,000 tracks into one', () => {
    const partitions = cutPartitions(collection(2500, () => 100));
    expect(partitions.map((tracks) => tracks.length)).toEqual([833, 834, 833]);
  });

  it('takes empty files, one file and no files', () => {
    expect(cutPartitions(collection(3, () => 0)).map((tracks) => tracks.length)).toEqual([3]);
    expect(cutPartitions(collection(4, (i) => (i === 0 ? 100 : 0))).map((tracks) => tracks.length)).toEqual([
      4,
    ]);
    expect(cutPartitions(collection(1, () => 10 ** 10)).map((tracks) => tracks.length)).toEqual([1]);
    expect(cutPartitions([])).toEqual([]);
  });

  it('balances any sizes to within the largest track, in any order of the input', () => {
    const random = randomFrom(11);
    for (let round = 0; round < 40; round++) {
      const spread = 1 + random() * 6;
      const tracks = collection(1 + Math.floor(random() * 4000), () =>
        Math.floor(random() ** spread * 12 * MEBIBYTE),
      );
      const partitions = cutPartitions(tracks);
      expect(partitions.flat()).toEqual(tracks);
      expect(partitions).toEqual(cutPartitions(shuffled(tracks, random)));

      const largest = Math.max(...tracks.map(({ bytes }) => bytes));
      const target = Math.min(256 * MEBIBYTE, Math.max(4 * MEBIBYTE, sizeOf(tracks) / 64));
      for (const partition of partitions) {
        expect(partition.length).toBeGreaterThan(0);
        expect(partition.length).toBeLessThanOrEqual(1000);
        expect(sizeOf(partition)).toBeLessThanOrEqual(target + largest);
      }
      // Neither does it cut into crumbs: all but those next to a very large track are near the target.
      if (largest < target / 4 && sizeOf(tracks) > 2 * target) {
        const least = Math.min(...partitions.map(sizeOf));
        const capped = partitions.some((partition) => partition.length > 500);
        if (!capped) expect(least).toBeGreaterThan(target / 4);
      }
    }
  });
});
