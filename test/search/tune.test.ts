import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { searchSegment } from '../../src/search/search.ts';
import { openSegment, type Segment } from '../../src/search/segment.ts';
import { buildSegment } from '../../src/search/segment-build.ts';
import { type TunedMethod, tuneSegment } from '../../src/search/tune.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { musicLikeVectors } from './music-like.ts';

const DIMENSION = 32;
const ROWS = 1_600;

vi.setConfig({ testTimeout: 90_000 });

async function segmentOf(rows: number): Promise<Segment> {
  const { id, files } = buildSegment({
    tracks: Array.from({ length: rows }, (_, row) => ({
      id: String(row).padStart(6, '0'),
      title: null,
      artist: null,
      album: null,
      genre: null,
      path: `${row}.mp3`,
      seconds: 1,
      tempo: null,
    })),
    vectors: musicLikeVectors(rows, DIMENSION, 3),
    layout: [{ column: 'mfcc_mean', bands: DIMENSION, weight: 1 }],
    scaling: { mean: new Array(DIMENSION).fill(0), deviation: new Array(DIMENSION).fill(1) },
    featureVersion: '1',
  });
  const folder = join(await temporaryFolder(), id);
  mkdirSync(folder);
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  return openSegment(folder);
}

test.each<TunedMethod>(['lsh', 'tree'])(
  'the best %s setting has the recall and is the fastest',
  async (method) => {
    const segment = await segmentOf(ROWS);
    for (const recall of [0.8, 0.98]) {
      const { trials, best, queries } = tuneSegment(segment, { method, recall, k: 10 });
      expect(queries).toBe(400);
      expect(best!.recall).toBeGreaterThanOrEqual(recall);
      const timed = trials.filter(({ microseconds }) => microseconds !== null);
      expect(timed).toEqual(trials.filter((trial) => trial.recall >= recall));
      expect(best!.microseconds).toBe(Math.min(...timed.map(({ microseconds }) => microseconds!)));

      // The recall told is what a search with this setting has, on the rows that it was measured on.
      const parameters = { ...segment[method].parameters, ...best!.setting };
      const tuned = { ...segment, [method]: { ...segment[method], parameters } };
      let hits = 0;
      for (let i = 1; i < 800; i += 2) {
        const row = Math.floor((i * ROWS) / 800);
        const query = segment.vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION);
        const search = { k: 10, excludeRows: [row] };
        const truth = searchSegment(segment, query, { ...search, method: 'exact' }).rows;
        hits += searchSegment(tuned, query, { ...search, method }).rows.filter((at) =>
          truth.includes(at),
        ).length;
      }
      expect(hits / 4_000).toBe(best!.recall);
    }
  },
);

test.each<TunedMethod>(['lsh', 'tree'])(
  'what is tried for %s, and its recall, is decided by the data',
  async (method) => {
    const segment = await segmentOf(400);
    const tried = () =>
      tuneSegment(segment, { method, recall: 0.9, k: 5 }).trials.map(({ setting, recall }) => ({
        setting,
        recall,
      }));
    expect(tried()).toEqual(tried());
  },
);

test.each([1, 2, 3, 12])('a segment of %i rows has a setting, too', async (rows) => {
  const segment = await segmentOf(rows);
  expect(tuneSegment(segment, { method: 'tree', recall: 1, k: 10 }).best!.recall).toBe(1);
  expect(tuneSegment(segment, { method: 'lsh', recall: 0.9, k: 10 }).best!.recall).toBeGreaterThan(0.9);
});
