import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLsh } from '../src/search/lsh-build.ts';
import { encodeSegment } from '../src/search/segment.ts';
import { buildTree } from '../src/search/tree-build.ts';
import { generatedTracks } from './generated-tracks.ts';
import { generateSearchData } from './search-data.ts';

/** Queries that go with a segment. */
const QUERIES = 200;

/**
 * A segment of generated vectors, with LSH and tree as a build makes them. Clusters and map, which no search reads, hold
 * what comes to hand: their making would take most of the time.
 *
 * @param folder Keeps it, and queries.f32, for the next run to find them there.
 * @returns The segment's own folder.
 */
export function openingSegment(folder: string, rows: number, dimension: number): string {
  mkdirSync(folder, { recursive: true });
  const found = readdirSync(folder).find((name) => existsSync(join(folder, name, 'header.json')));
  if (found) return join(folder, found);
  const { vectors, batch } = generateSearchData(rows, dimension, QUERIES);
  writeFileSync(join(folder, 'queries.f32'), batch);
  const { id, files } = encodeSegment({
    tracks: generatedTracks(rows),
    layout: [{ column: 'mfcc_mean', bands: dimension, weight: 1 }],
    scaling: { mean: new Array(dimension).fill(0), deviation: new Array(dimension).fill(1) },
    sounds: { aspects: {}, values: {}, forms: {} },
    featureVersion: 'bench',
    seed: 1,
    clusters: { centres: vectors.slice(0, dimension), assignment: new Uint32Array(rows), inertia: 0 },
    lsh: buildLsh(vectors, dimension),
    tree: buildTree(vectors, dimension),
    map: { x: new Float32Array(rows), y: new Float32Array(rows), span: 1 },
  });
  const path = join(folder, id);
  mkdirSync(path);
  for (const { name, bytes } of files) writeFileSync(join(path, name), bytes);
  return path;
}
