import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SearchMethod } from '../../src/search/method.ts';
import { createRandom } from '../../src/search/random.ts';
import { hasRow, rowSetOf } from '../../src/search/row-set.ts';
import type { SegmentSearch } from '../../src/search/search.ts';
import { openSegment, type Segment } from '../../src/search/segment.ts';
import { buildSegment } from '../../src/search/segment-build.ts';
import { listSegments, type SegmentList } from '../../src/search/segment-list.ts';
import { similarityJoinOfList, similarityJoinWithList } from '../../src/search/similarity-join-list.ts';
import { musicLikeVectors } from './music-like.ts';

const DIMENSION = 24;
const layout = [{ column: 'mfcc_mean', bands: DIMENSION, weight: 1 }];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'segment-list-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Row {
  id: string;
  vector: Float32Array;
}

const vectorsOf = (rows: readonly Row[]) => Float32Array.from(rows.flatMap(({ vector }) => [...vector]));

let written = 0;
function segmentOf(rows: readonly Row[]): Segment {
  const { id, files } = buildSegment({
    tracks: rows.map((row) => ({
      id: row.id,
      title: `Title ${row.id}`,
      artist: null,
      album: null,
      genre: null,
      path: `${row.id}.mp3`,
      seconds: 1,
      tempo: null,
    })),
    vectors: vectorsOf(rows),
    layout,
    scaling: { mean: new Array(DIMENSION).fill(0), deviation: new Array(DIMENSION).fill(1) },
    featureVersion: '1',
  });
  const path = join(folder, String(written++), id);
  mkdirSync(path, { recursive: true });
  for (const { name, bytes } of files) writeFileSync(join(path, name), bytes);
  return openSegment(path);
}

/** Music-like rows of which some are equal, in an order of ids that has nothing to do with the rows. */
function collectionOf(count: number, seed: number): Row[] {
  const random = createRandom(seed);
  const vectors = musicLikeVectors(count, DIMENSION, seed);
  const rows = Array.from({ length: count }, (_, i) => {
    const copied = random.uniform() < 0.2 ? Math.floor(random.uniform() * count) : i;
    return {
      id: String(random.integer() % 1e6).padStart(6, '0') + i,
      vector: vectors.slice(copied * DIMENSION, (copied + 1) * DIMENSION),
    };
  });
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The rows dealt out to segments, a few rows deleted in each; and one segment of the rows that are left. */
function dealt(rows: readonly Row[], count: number, seed: number) {
  const random = createRandom(seed);
  const parts: Row[][] = Array.from({ length: count }, () => []);
  for (const row of rows) parts[Math.floor(random.uniform() * count)].push(row);
  const deleted = new Set(rows.filter(() => random.uniform() < 0.15).map(({ id }) => id));
  const listed = parts.map((part) => {
    const segment = segmentOf(part);
    const live = rowSetOf(part.length, (row) => !deleted.has(part[row].id));
    return { segment, ...(live.count < part.length && { live }) };
  });
  const left = rows.filter(({ id }) => !deleted.has(id));
  return { listed, several: listSegments(listed), one: listSegments([{ segment: segmentOf(left) }]), left };
}

/** What a list finds, by id. */
function found(list: SegmentList, query: Float32Array, search: SegmentSearch) {
  const { rows, distances } = list.search(query, search);
  return Array.from(rows, (row, i) => [list.track(row).id, distances[i]]);
}

const choiceOf = (list: SegmentList, accept: (id: string) => boolean, excluded: string[]) => ({
  accept: rowSetOf(list.end, (row) => list.isLive(row) && accept(list.track(row).id)),
  excludeRows: excluded.map((id) => list.rowOf(id)!),
});

describe.each([
  [1, 2, 300],
  [2, 3, 301],
  [3, 5, 64],
  [4, 2, 31],
])('of seed %i, %i segments of %i rows', (seed, parts, count) => {
  const make = () => dealt(collectionOf(count, seed), parts, seed + 100);

  test('are one segment to an exact search', () => {
    const { several, one, left } = make();
    expect(several.size).toBe(left.length);
    const random = createRandom(seed);
    for (let i = 0; i < 40; i++) {
      const row = left[Math.floor(random.uniform() * left.length)];
      const k = 1 + Math.floor(random.uniform() * 30);
      // A third of the queries lie among the rows, a third are rows, and a third are rows that are passed over.
      const query = i % 3 === 0 ? row.vector.map((value) => value + 0.05 * random.normal()) : row.vector;
      const accept = (id: string) => i % 2 === 0 || Number(id) % 3 === 0;
      const search = (list: SegmentList): SegmentSearch => {
        const { accept: accepted, excludeRows } = choiceOf(list, accept, i % 3 === 2 ? [row.id] : []);
        return { k, method: 'exact', excludeRows, ...(i % 2 === 1 && { accept: accepted }) };
      };
      expect(found(several, query, search(several))).toEqual(found(one, query, search(one)));
    }
  });

  test.each<SearchMethod>(['lsh', 'tree'])('give k live rows and nearly the same ones by %s', (method) => {
    const { several, one, left } = make();
    let hits = 0;
    let asked = 0;
    for (const { vector } of left.slice(0, 60)) {
      const truth = new Set(found(one, vector, { k: 10, method: 'exact' }).map(([id]) => id));
      const answer = found(several, vector, { k: 10, method }).map(([id]) => id);
      expect(answer.length).toBe(Math.min(10, left.length));
      expect(new Set(answer).size).toBe(answer.length);
      hits += answer.filter((id) => truth.has(id)).length;
      asked += truth.size;
    }
    expect(hits / asked).toBeGreaterThan(0.95);
  });

  test('have their live rows in the order of ids, each found by its id', () => {
    const { several, left } = make();
    const rows = Array.from(several.inOrder());
    expect(rows.map((row) => several.track(row).id)).toEqual(left.map(({ id }) => id));
    rows.forEach((row, i) => {
      expect(several.rowOf(left[i].id)).toBe(row);
      expect(several.isLive(row)).toBe(true);
      expect(several.vector(row)).toEqual(left[i].vector);
      const { place, row: own } = several.placeOf(row);
      expect(several.rowAt(place, own)).toBe(row);
    });
  });

  test('have no deleted row by any way', () => {
    const rows = collectionOf(count, seed);
    const { several, left, listed } = dealt(rows, parts, seed + 100);
    const kept = new Set(left.map(({ id }) => id));
    const deleted = rows.filter(({ id }) => !kept.has(id));
    expect(deleted.length).toBeGreaterThan(0);
    for (const { id, vector } of deleted) {
      expect(several.rowOf(id)).toBeUndefined();
      for (const method of ['exact', 'lsh', 'tree'] as const) {
        const ids = found(several, vector, { k: count, method }).map(([found]) => found);
        expect(ids).toHaveLength(left.length);
        expect(ids).not.toContain(id);
      }
    }
    for (const { segment, live } of listed) {
      expect(live ? live.count : segment.header.rows).toBeLessThanOrEqual(segment.header.rows);
      if (live) expect(hasRow(live, segment.header.rows)).toBe(false);
    }
  });

  test('have the equal pairs of one segment, within segments and across', () => {
    const { several, listed, left } = make();
    const pairs = [...similarityJoinOfList(listed, several, 1e-9)].map(({ row, other }) => `${row} ${other}`);
    const expected = left.flatMap((a, row) =>
      left.flatMap((b, other) =>
        other > row && a.vector.every((value, i) => value === b.vector[i]) ? [`${row} ${other}`] : [],
      ),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(pairs.sort()).toEqual(expected.sort());
  });

  test.each([1e-9, 0.9])(
    'have the pairs with other vectors nearer than %d that their live rows have',
    (threshold) => {
      const rows = collectionOf(count, seed);
      const { several, listed, left } = dealt(rows, parts, seed + 100);
      // Deleted rows, too, and rows of another collection.
      const others = [...rows.slice(0, 20), ...collectionOf(20, seed + 50)];
      const pairs = similarityJoinWithList(vectorsOf(others), listed, several, threshold);
      const expected = others.flatMap((a, row) =>
        left.flatMap((b, other) => {
          const distance = Math.hypot(...Array.from(a.vector, (value, i) => value - b.vector[i]));
          return distance < threshold ? [[row, other]] : [];
        }),
      );
      expect(expected.length).toBeGreaterThan(10);
      expect(pairs.map(({ row, other }) => [row, other])).toEqual(expected);
    },
  );
});

test('rows whose distances differ beyond float32 come in the order of one segment', () => {
  const at = (value: number) => {
    const vector = new Float32Array(DIMENSION);
    vector[0] = 1000;
    vector[1] = value;
    return vector;
  };
  // The id of the nearer is the greater, so that ids would give the other order.
  const near = { id: 'b', vector: at(0.001) };
  const far = { id: 'a', vector: at(0.002) };
  const query = new Float32Array(DIMENSION);
  const several = listSegments([{ segment: segmentOf([far]) }, { segment: segmentOf([near]) }]);
  const one = listSegments([{ segment: segmentOf([far, near]) }]);
  const nearest = found(one, query, { k: 2, method: 'exact' });
  expect(nearest.map(([id]) => id)).toEqual(['b', 'a']);
  expect(nearest[0][1]).toBe(nearest[1][1]);
  expect(found(several, query, { k: 2, method: 'exact' })).toEqual(nearest);
  expect(found(several, query, { k: 1, method: 'exact' })).toEqual(nearest.slice(0, 1));
});
