import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PRESETS } from '../../src/audio/descriptors.ts';
import { ASPECTS, soundLayoutOf } from '../../src/search/aspects.ts';
import { DERIVED_COLUMNS } from '../../src/search/derived-columns.ts';
import { dimensionOf } from '../../src/search/feature-vector.ts';
import { createRandom } from '../../src/search/random.ts';
import { type EncodedSegment, openSegment } from '../../src/search/segment.ts';
import { buildSegment } from '../../src/search/segment-build.ts';
import { aspectVector, rawSound } from '../../src/search/segment-sounds.ts';
import { featureColumns } from '../../src/store/shard-columns.ts';
import { musicLikeVectors } from './music-like.ts';

const ROWS = 60;
const DIMENSION = 8;
const layout = soundLayoutOf(PRESETS.default);
const random = createRandom(3);

/** Shard columns of a made track. */
const sounds = Array.from({ length: ROWS }, () =>
  Object.fromEntries(
    featureColumns(PRESETS.default).map(({ name, bands }) => [
      name,
      Array.from({ length: bands }, () =>
        name === 'tempo_mean'
          ? 60 + 100 * random.uniform()
          : name === 'key_mean'
            ? Math.floor(24 * random.uniform())
            : random.uniform(),
      ),
    ]),
  ),
);

function build(order: number[]): EncodedSegment {
  const vectors = musicLikeVectors(ROWS, DIMENSION, 1);
  return buildSegment({
    tracks: order.map((i) => ({
      id: String(i).padStart(3, '0'),
      title: null,
      artist: null,
      album: null,
      genre: null,
      path: `${i}.mp3`,
      seconds: 30,
      tempo: sounds[i]!.tempo_mean![0]!,
    })),
    vectors: Float32Array.from(
      order.flatMap((i) => [...vectors.subarray(i * DIMENSION, (i + 1) * DIMENSION)]),
    ),
    sounds: { raws: order.map((i) => rawSound(sounds[i]!, layout)), layout },
    layout: [{ column: 'mfcc_mean', bands: DIMENSION, weight: 1 }],
    scaling: { mean: new Array(DIMENSION).fill(0), deviation: new Array(DIMENSION).fill(1) },
    featureVersion: '1',
  });
}

const inOrder = Array.from({ length: ROWS }, (_, i) => i);
const encoded = build(inOrder);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'segment-sounds-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): string {
  const path = join(folder, name, encoded.id);
  mkdirSync(path, { recursive: true });
  for (const file of encoded.files) {
    writeFileSync(join(path, file.name), file.name === 'sounds.arrow' ? change(file.bytes) : file.bytes);
  }
  return path;
}

describe('the sounds of a segment', () => {
  test('have the same bytes whatever the order of the input', () => {
    expect(build(inOrder.toReversed())).toEqual(encoded);
  });

  test('are the scaled columns of each aspect, row by row, and the plain values', () => {
    const { header, sounds: opened } = openSegment(write('whole'));
    expect(Object.keys(opened.aspects).sort()).toEqual([...ASPECTS].sort());
    for (const aspect of ASPECTS) {
      const form = header.aspects[aspect]!;
      const rows = opened.aspects[aspect]!;
      const width = dimensionOf(form.layout);
      expect(rows.length).toBe(ROWS * width);
      for (const row of [0, 17, ROWS - 1]) {
        expect(rows.slice(row * width, (row + 1) * width)).toEqual(aspectVector(sounds[row]!, form));
      }
      // Standard scores times the roots of weights that sum to 1, some of them cut: at most 1 a row on average.
      const energy = rows.reduce((sum, value) => sum + value * value, 0) / ROWS;
      expect(energy).toBeGreaterThan(0.95);
      expect(energy).toBeLessThan(1.0001);
    }
    expect(opened.values.brightness![17]).toBe(Math.fround(sounds[17]!.spectral_centroid_mean![0]!));
    expect(opened.values.key![3]).toBe(sounds[3]!.key_mean![0]);
  });

  test('are found damaged by their CRC-32', () => {
    const path = write('damaged', (bytes) => bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1));
    expect(() => openSegment(path)).toThrow(
      /sounds\.arrow of segment \w+ is damaged \(the CRC-32 of its block 0 is another\)/,
    );
  });
});

describe('the layout of sounds', () => {
  test.each([
    ['minimal', ['timbre']],
    ['fma', ['timbre', 'harmony', 'loudness']],
    ['default', ASPECTS],
    ['full', ASPECTS],
  ] as const)('of the preset %s tells what it has the descriptors of', (preset, aspects) => {
    expect(Object.keys(soundLayoutOf(PRESETS[preset]).aspects).sort()).toEqual([...aspects].sort());
  });

  test('names columns that shards have, with shares that sum to 1', () => {
    const known = new Set<string>([
      ...featureColumns(PRESETS.default).map(({ name }) => name),
      ...Object.keys(DERIVED_COLUMNS),
    ]);
    for (const aspect of ASPECTS) {
      const columns = layout.aspects[aspect]!;
      expect(columns.filter(({ column }) => !known.has(column))).toEqual([]);
      expect(columns.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 10);
    }
    expect(layout.sources.filter((column) => !known.has(column))).toEqual([]);
  });
});
