import type { ClipStatistics } from '../../src/audio/descriptors.ts';
import { DESCRIPTORS, FEATURE_VERSION, PRESETS, STATISTICS } from '../../src/audio/descriptors.ts';
import type { ShardRow } from '../../src/store/shard.ts';

/** Mulberry32: a small seeded generator, uniform in 0 to 1. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function sampleStatistics(random: () => number): ClipStatistics {
  const statistics: Record<string, Record<string, Float32Array>> = {};
  for (const descriptor of PRESETS.full) {
    statistics[descriptor] = {};
    for (const statistic of STATISTICS) {
      const values = Float32Array.from({ length: DESCRIPTORS[descriptor] }, () => random() * 200 - 100);
      statistics[descriptor][statistic] = values;
    }
  }
  return statistics as ClipStatistics;
}

/** What all of them were analysed for. */
export const sampleAnalysis = { descriptors: PRESETS.full, featureVersion: FEATURE_VERSION };

/** Rows with every kind of value a column can have: none, empty, long lists, other scripts, quotes and breaks. */
export function sampleRows(count: number, seed = 1): ShardRow[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const odd = index % 2 === 1;
    const title = odd ? null : `Été "${index}", first\nmovement 音`;
    return {
      id: String(seed * 1_000 + index).padStart(6, '0'),
      contentHash: `${seed}${index}`.padStart(64, 'a'),
      path: `000/${index}.mp3`,
      metadata: {
        title,
        artist: odd ? '' : 'Ada',
        album: null,
        genre: odd ? 'Rock' : null,
        genres: odd ? [] : ['Rock', 'a,"b"'],
        tags: index % 3 === 0 ? ['live'] : [],
        date: odd ? '2008-11-26' : null,
        license: null,
        listens: odd ? 5_000_000_000 + index : index === 0 ? 0 : null,
      },
      search: { title: title && 'ete', artist: odd ? '' : 'ada', album: null, genre: odd ? 'rock' : null },
      features: {
        seconds: 30 + random(),
        sampleRate: 44_100,
        channels: odd ? 1 : 2,
        truncated: index % 5 === 0,
        statistics: sampleStatistics(random),
        peaks: Uint8Array.from({ length: 600 + index }, () => random() * 256),
        segments: Float32Array.from({ length: (1 + (index % 3)) * 92 }, () => random() * 200 - 100),
        segmentCount: 1 + (index % 3),
      },
      featureVersion: FEATURE_VERSION,
    };
  });
}
