import { FEATURE_VERSION } from '../../src/audio/descriptors.ts';
import type { Track } from '../../src/dataset/track.ts';
import type { Plan } from '../../src/store/plan.ts';

export const sampleHead: Omit<Plan, 'tracks' | 'bytes' | 'partitions'> = {
  run: 'run-1',
  request: { source: '/music', metadata: null, sample: null },
  settings: { featureVersion: FEATURE_VERSION, maximumSeconds: 3_600 },
  root: '/music',
  report: {
    rows: 0,
    files: 0,
    matched: 0,
    filesWithoutRow: 0,
    rowsWithoutFile: 0,
    repaired: {},
    dropped: {},
    sampled: null,
  },
};

/** Tracks with titles of several bytes a character, so that a place in the file is no count of characters. */
export function samplePartitions(count: number, size: number): Track[][] {
  return Array.from({ length: count }, (_, partition) =>
    Array.from({ length: size }, (_, index): Track => {
      const id = String(partition * size + index).padStart(6, '0');
      return {
        id,
        path: `${id.slice(0, 3)}/${id}.mp3`,
        bytes: 1_000,
        metadata: {
          title: '音楽'.repeat(index),
          artist: 'Björk',
          album: null,
          genre: null,
          genres: [],
          tags: ['a\nb'],
          date: null,
          license: null,
          listens: null,
        },
      };
    }),
  );
}
