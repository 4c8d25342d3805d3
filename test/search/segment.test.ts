import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/search/random.ts';
import { searchSegment } from '../../src/search/search.ts';
import type { EncodedSegment } from '../../src/search/segment.ts';
import { openSegment } from '../../src/search/segment.ts';
import { buildSegment } from '../../src/search/segment-build.ts';
import { rowsWithWords } from '../../src/search/text-rows.ts';
import { memoryOf } from '../../src/wasm/shared-memory.ts';
import { musicLikeVectors } from './music-like.ts';

const ROWS = 120;
const DIMENSION = 24;
const layout = [
  { column: 'mfcc_mean', bands: 20, weight: 0.8 },
  { column: 'spread_mean', bands: 1, weight: 0.1 },
  { column: 'tonnetz_max', bands: 3, weight: 0.1 },
];
const vectors = musicLikeVectors(ROWS, DIMENSION, 1);
const tracks = Array.from({ length: ROWS }, (_, i) => ({
  id: String(i * 7).padStart(6, '0'),
  title: i === 3 ? null : `Tïtle ${i}`,
  artist: i % 2 ? null : 'Björk & Co.',
  album: null,
  genre: i % 3 ? 'Rock' : null,
  path: `a/${i}.mp3`,
  seconds: 30 + i / 7,
  tempo: i % 5 ? 60 + i : null,
}));

function build(order = tracks.map((_, i) => i)): EncodedSegment {
  return buildSegment({
    tracks: order.map((i) => tracks[i]),
    vectors: Float32Array.from(
      order.flatMap((i) => [...vectors.subarray(i * DIMENSION, (i + 1) * DIMENSION)]),
    ),
    layout,
    scaling: { mean: new Array(DIMENSION).fill(0.1), deviation: new Array(DIMENSION).fill(1e-7) },
    featureVersion: '1',
  });
}

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'segment-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

let copies = 0;
/** Writes a segment as the store does, each time into another folder. */
function write({ id, files }: EncodedSegment): string {
  const folder = join(parent, String(copies++), id);
  mkdirSync(folder, { recursive: true });
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  return folder;
}

const encoded = build();

describe('an encoded segment', () => {
  test('has the same bytes whatever the order of its input', () => {
    const random = createRandom(1);
    const shuffled = tracks.map((_, i) => i).sort(() => random.uniform() - 0.5);
    expect(shuffled).not.toEqual(tracks.map((_, i) => i));
    expect(build(shuffled)).toEqual(encoded);
  });

  test('has the hash of its header for an id, and the hash of each file in the header', () => {
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const content = new Map(encoded.files.map(({ name, bytes }) => [name, bytes]));
    expect(encoded.id).toBe(hash(content.get('header.json')!).slice(0, 16));
    for (const [name, { bytes, crc32: checksum, sha256 }] of Object.entries(encoded.header.files)) {
      expect(content.get(name)!.length).toBe(bytes);
      const blocks = Array.from({ length: Math.ceil(bytes / 65_536) }, (_, i) =>
        crc32(content.get(name)!.subarray(65_536 * i, 65_536 * (i + 1))),
      );
      expect(checksum).toEqual(blocks);
      expect(hash(content.get(name)!)).toBe(sha256);
    }
    expect(content.size).toBe(8);
  });

  test('has its header keys in order', () => {
    const text = new TextDecoder().decode(encoded.files.find(({ name }) => name === 'header.json')!.bytes);
    const keys = Object.keys(JSON.parse(text));
    expect(keys).toEqual([...keys].sort());
    expect(JSON.parse(text)).toEqual(encoded.header);
  });

  test('changes its id with a track', () => {
    const other = build(tracks.map((_, i) => i).slice(1));
    expect(other.id).not.toBe(encoded.id);
  });

  test('refuses two tracks of one id', () => {
    expect(() => build([0, 1, 2, 1])).toThrow(expect.objectContaining({ code: 'TRACK_ID_DUPLICATE' }));
  });

  test('can be of one track', () => {
    const segment = openSegment(write(build([5])));
    expect(segment.header.rows).toBe(1);
    expect(searchSegment(segment, segment.vectors, { k: 3, method: 'lsh' }).rows.length).toBe(1);
  });
});

describe('an opened segment', () => {
  const open = () => openSegment(write(encoded));

  test('has the tracks in the order of ids, with the vectors beside them', () => {
    const segment = open();
    expect(segment.vectors).toEqual(vectors);
    tracks.forEach((track, row) => {
      expect(segment.tracks.track(row)).toEqual({ ...track, cluster: expect.any(Number) });
      expect(segment.tracks.rowOf(track.id)).toBe(row);
    });
    expect(segment.tracks.rowOf('000001')).toBeUndefined();
    expect(segment.tracks.rowOf('')).toBeUndefined();
    expect(rowsWithWords(segment.tracks.texts, ['bjork', 'title 0'], 0, 9)).toEqual({
      total: 1,
      rows: Uint32Array.of(0),
      // Both words, of the artist and of the title, begin one.
      ranks: Uint8Array.of(2),
    });
    expect(segment.centres.length).toBe(8 * DIMENSION);
    expect(segment.tracks.track(0).cluster).toBeLessThan(8);
  });

  test('has its arrays in shared memory that kernels reach, as views of the files', () => {
    const { vectors: matrix, lsh, tree, header } = open();
    expect(matrix.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(memoryOf(matrix.buffer)).toBeDefined();
    const pages = Math.ceil(header.files['vectors.arrow'].bytes / 65_536);
    expect(matrix.buffer.byteLength).toBe(pages * 65_536);
    for (const array of [lsh.directions, lsh.shifts, lsh.bucketKeys, lsh.bucketRows, lsh.codes, lsh.biases]) {
      expect(array.buffer).toBe(lsh.tableStarts.buffer);
    }
    for (const array of [tree.rotation, tree.centres, tree.biases]) {
      expect(array.buffer).toBe(tree.codes.buffer);
    }
  });

  test('opens by a relative path with a slash', () => {
    const folder = write(encoded);
    const before = process.cwd();
    process.chdir(dirname(folder));
    try {
      expect(openSegment(`${encoded.id}/`).id).toBe(encoded.id);
    } finally {
      process.chdir(before);
    }
  });

  test('is searched by each method', () => {
    const segment = open();
    const query = vectors.subarray(10 * DIMENSION, 11 * DIMENSION);
    const exact = searchSegment(segment, query, { k: 5, method: 'exact' });
    expect(exact.rows[0]).toBe(10);
    expect(exact.distances[0]).toBe(0);
    const others = searchSegment(segment, query, { k: 5, method: 'exact', excludeRows: [10] });
    expect([...others.rows.slice(0, 4)]).toEqual([...exact.rows.slice(1)]);
    const all = searchSegment(segment, query, { k: ROWS, method: 'exact' });
    for (const method of ['lsh', 'tree'] as const) {
      expect(searchSegment(segment, query, { k: ROWS, method })).toEqual(all);
      expect(searchSegment(segment, query, { k: 1, method }).rows[0]).toBe(10);
    }
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses to search %d neighbours', (k) => {
    expect(() => searchSegment(open(), vectors.subarray(0, DIMENSION), { k, method: 'lsh' })).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    );
  });

  test('refuses a query of another length or with a value that is no number', () => {
    const segment = open();
    for (const query of [new Float32Array(3), new Float32Array(DIMENSION).fill(Number.NaN)]) {
      expect(() => searchSegment(segment, query, { k: 1, method: 'exact' })).toThrow(
        expect.objectContaining({ code: 'USAGE' }),
      );
    }
  });
});

describe('a damaged segment', () => {
  const names = encoded.files.map(({ name }) => name);
  const refusal = (code: string, text: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(text) });

  test.each(names)('is refused where %s is missing', (name) => {
    const folder = write(encoded);
    rmSync(join(folder, name));
    expect(() => openSegment(folder)).toThrow(refusal('INDEX_DAMAGED', name));
  });

  test.each(names)('is refused where %s is cut', (name) => {
    const folder = write(encoded);
    const bytes = readFileSync(join(folder, name));
    for (const length of [0, 1, Math.floor(bytes.length / 2), bytes.length - 1]) {
      writeFileSync(join(folder, name), bytes.subarray(0, length));
      expect(() => openSegment(folder)).toThrow(refusal('INDEX_DAMAGED', name));
    }
  });

  test.each(names)('is refused where a bit of %s is flipped', (name) => {
    const folder = write(encoded);
    const bytes = readFileSync(join(folder, name));
    const random = createRandom(99);
    for (let round = 0; round < 20; round++) {
      const flipped = Buffer.from(bytes);
      flipped[Math.floor(random.uniform() * bytes.length)] ^= 1 << (random.integer() & 7);
      writeFileSync(join(folder, name), flipped);
      expect(() => openSegment(folder)).toThrow(refusal('INDEX_DAMAGED', name));
    }
  });

  test('is refused in a folder of another name', () => {
    const folder = write(encoded);
    renameSync(folder, join(dirname(folder), '0123456789abcdef'));
    expect(() => openSegment(join(dirname(folder), '0123456789abcdef'))).toThrow(
      refusal('INDEX_DAMAGED', 'header.json'),
    );
  });

  /** A segment whose header is changed, and its id with it. */
  function forge(change: (header: Record<string, unknown>) => unknown): string {
    const bytes = new TextEncoder().encode(JSON.stringify(change(structuredClone(encoded.header))));
    const id = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const others = encoded.files.filter(({ name }) => name !== 'header.json');
    return write({ ...encoded, id, files: [...others, { name: 'header.json', bytes }] });
  }

  test('of another version says so', () => {
    expect(() => openSegment(forge((header) => ({ ...header, version: 99, metric: 'cosine' })))).toThrow(
      refusal('INDEX_VERSION', 'version 99'),
    );
  });

  test.each([
    ['more rows', { rows: 2_000_000 }],
    ['rows beyond any', { rows: 1e300 }],
    ['negative rows', { rows: -1 }],
    ['a huge dimension', { dimension: 2 ** 50 }],
    ['many leaves', { tree: { ...encoded.header.tree, leaves: 2 ** 52 } }],
    ['a huge layout', { layout: [{ column: 'a', bands: 2 ** 52, weight: 1 }] }],
    ['huge tables', { lsh: { ...encoded.header.lsh, numHashTables: 2 ** 52 } }],
    ['many clusters', { clusters: { count: 2 ** 52, inertia: 0 } }],
    ['no files', { files: {} }],
  ])('is refused where its header claims %s', (_, claim) => {
    expect(() => openSegment(forge((header) => ({ ...header, ...claim })))).toThrow(
      refusal('INDEX_DAMAGED', ''),
    );
  });

  test.each([null, 5, 'x', []])('is refused where its header is %j', (header) => {
    expect(() => openSegment(forge(() => header))).toThrow(refusal('INDEX_DAMAGED', 'header.json'));
  });
});
