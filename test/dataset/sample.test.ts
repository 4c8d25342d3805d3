import { describe, expect, it } from 'vitest';
import { stratifiedSample } from '../../src/dataset/sample.ts';
import type { Track } from '../../src/dataset/track.ts';
import { makeTrack, randomFrom, shuffled } from './support.ts';

function collection(sizes: Record<string, number>): Track[] {
  return Object.entries(sizes).flatMap(([genre, size]) =>
    Array.from({ length: size }, (_, i) => makeTrack(`${genre}-${i}`, 1, genre === 'none' ? null : genre)),
  );
}

function countByGenre(tracks: Track[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { metadata } of tracks)
    counts[metadata.genre ?? 'none'] = (counts[metadata.genre ?? 'none'] ?? 0) + 1;
  return counts;
}

describe('stratifiedSample', () => {
  it('gives every genre its share by the largest remainder', () => {
    // Shares of 11 are 4.51, 3.19, 1.87 and 1.43: the two seats left after rounding down go to c and a.
    const four = collection({ a: 41, b: 29, c: 17, d: 13 });
    expect(countByGenre(stratifiedSample(four, 11))).toEqual({ a: 5, b: 3, c: 2, d: 1 });
    // Shares of 10 are 4.7, 1.6, 1.58, 1.2, 0.6 and 0.32: f has none, and b is furthest above its share.
    const six = collection({ a: 470, b: 160, c: 158, d: 120, e: 60, f: 32 });
    expect(countByGenre(stratifiedSample(six, 10))).toEqual({ a: 5, b: 1, c: 1, d: 1, e: 1, f: 1 });
  });

  it('takes one of the rarest genre where there is room, from the genre furthest above its share', () => {
    const tracks = collection({ common: 997, rare: 1, none: 2 });
    expect(countByGenre(stratifiedSample(tracks, 3))).toEqual({ common: 1, rare: 1, none: 1 });
    expect(countByGenre(stratifiedSample(tracks, 2))).toEqual({ common: 2 });
  });

  it('returns all where more are asked for than there are', () => {
    const tracks = collection({ a: 3, b: 2 });
    expect(stratifiedSample(tracks.toReversed(), 5)).toEqual(tracks);
    expect(stratifiedSample(tracks, 99)).toEqual(tracks);
    expect(stratifiedSample(tracks, 0)).toEqual([]);
  });

  it('holds its promises for any sizes and order of the input', () => {
    const random = randomFrom(7);
    for (let round = 0; round < 60; round++) {
      const sizes: Record<string, number> = {};
      const genres = 1 + Math.floor(random() * 12);
      for (let g = 0; g < genres; g++)
        sizes[g === 0 ? 'none' : `g${g}`] = 1 + Math.floor(random() ** 4 * 300);
      const tracks = collection(sizes);
      const n = 1 + Math.floor(random() * tracks.length);

      const sample = stratifiedSample(tracks, n);
      expect(sample).toEqual(stratifiedSample(shuffled(tracks, random), n));
      expect(new Set(sample.map(({ id }) => id)).size).toBe(n);
      expect(sample.map(({ id }) => id)).toEqual(sample.map(({ id }) => id).sort());
      const taken = countByGenre(sample);
      if (n >= genres) expect(Object.keys(taken)).toHaveLength(genres);
      for (const [genre, size] of Object.entries(sizes)) {
        const share = (n * size) / tracks.length;
        const count = taken[genre] ?? 0;
        expect(count).toBeLessThan(Math.max(share, 1) + 1);
        // Below its share by one seat at most, but for those that genres without any have taken.
        if (n < genres || Object.values(sizes).every((other) => (n * other) / tracks.length >= 1)) {
          expect(count).toBeGreaterThan(share - 1);
        }
      }
    }
  });

  it('is a different choice than the first ids', () => {
    const tracks = collection({ a: 100 });
    const sample = stratifiedSample(tracks, 10);
    expect(sample).not.toEqual(tracks.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, 10));
  });
});
