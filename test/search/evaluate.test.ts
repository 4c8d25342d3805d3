import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateClusters, evaluateSearch } from '../../src/search/evaluate.ts';
import { createRandom } from '../../src/search/random.ts';
import { openSegment } from '../../src/search/segment.ts';
import { buildSegment } from '../../src/search/segment-build.ts';

const DIMENSION = 8;

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'evaluate-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

/**
 * A segment of tracks that fall into groups far apart.
 *
 * @param describeGroup Genre and artist of a track, from its group and its number.
 */
function segmentOf(
  rows: number,
  groups: number,
  describeGroup: (group: number, row: number) => { genre: string | null; artist: string | null },
) {
  const random = createRandom(3);
  const centres = Array.from({ length: groups * DIMENSION }, () => random.normal());
  const vectors = Float32Array.from({ length: rows * DIMENSION }, (_, i) => {
    const group = Math.floor(i / DIMENSION) % groups;
    return centres[group * DIMENSION + (i % DIMENSION)] + 0.05 * random.normal();
  });
  const tracks = Array.from({ length: rows }, (_, row) => ({
    id: String(row).padStart(6, '0'),
    title: null,
    album: null,
    path: `${row}.mp3`,
    seconds: 30,
    tempo: null,
    ...describeGroup(row % groups, row),
  }));
  const { id, files } = buildSegment({
    tracks,
    vectors,
    layout: [{ column: 'mfcc_mean', bands: DIMENSION, weight: 1 }],
    scaling: { mean: new Array(DIMENSION).fill(0), deviation: new Array(DIMENSION).fill(1) },
    featureVersion: '1',
  });
  const folder = join(mkdtempSync(join(parent, 'segment-')), id);
  mkdirSync(folder);
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  return openSegment(folder);
}

test('groups that lie apart have large silhouettes, and genres that are groups are found', () => {
  const segment = segmentOf(600, 4, (group, row) => ({ genre: `genre ${group}`, artist: `artist ${row}` }));
  const { clusters, squaredSilhouette, euclideanSilhouette } = evaluateClusters(segment);
  expect(clusters).toBe(segment.header.clusters.count);
  expect(squaredSilhouette).toBeGreaterThan(0);
  expect(euclideanSilhouette).toMatchObject({ error: 0, rows: 600 });

  const { recall, genres } = evaluateSearch(segment);
  for (const { mean, queries } of [recall.lsh, recall.tree]) {
    expect(queries).toBe(500);
    expect(mean).toBeGreaterThan(0.9);
  }
  expect(genres!.precision.mean).toBe(1);
  expect(genres!.chance).toBeCloseTo(149 / 599, 9);
});

test('tracks of the same artist do not count as found by genre', () => {
  // Sixty artists, each with a sound of its own, whose genre has nothing to do with how it sounds.
  const segment = segmentOf(600, 60, (group) => ({ genre: `genre ${group % 3}`, artist: `artist ${group}` }));
  const { precision, chance } = evaluateSearch(segment).genres!;
  expect(chance).toBeCloseTo(190 / 590, 9);
  expect(Math.abs(precision.mean - chance)).toBeLessThan(0.15);
});

test('asks nothing about genres where they are not known, or are all one', () => {
  const without = segmentOf(60, 2, () => ({ genre: null, artist: null }));
  expect(evaluateSearch(without).genres).toBeNull();
  expect(evaluateSearch(segmentOf(60, 2, () => ({ genre: 'Jazz', artist: null }))).genres).toBeNull();
});

test('one track has no neighbours to be found', () => {
  const alone = segmentOf(1, 1, () => ({ genre: 'Jazz', artist: null }));
  expect(evaluateSearch(alone).recall.tree.queries).toBe(0);
  expect(evaluateClusters(alone)).toMatchObject({ clusters: 1, squaredSilhouette: 0 });
});
