import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allocateFloats, allocateShared } from '../src/wasm/shared-memory.ts';
import { musicLikeVectors } from '../test/search/music-like.ts';

/**
 * Generated vectors, where kernels read them in place, and queries that are none of them.
 *
 * @param folder Gets both as raw float32, for bench/peers.
 */
export function generateSearchData(rows: number, dimension: number, count: number, folder?: string) {
  const all = musicLikeVectors(rows + count, dimension, 7);
  const vectors = new Float32Array(allocateShared(4 * rows * dimension).buffer, 0, rows * dimension);
  vectors.set(all.subarray(0, vectors.length));
  const batch = all.slice(vectors.length);
  const queries = Array.from({ length: count }, (_, i) => batch.subarray(i * dimension, (i + 1) * dimension));
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'base.f32'), vectors);
    writeFileSync(join(folder, 'queries.f32'), batch);
  }
  return { vectors, batch, queries };
}

/** The first rows of a file of raw little-endian float32, at most so many, where kernels read them in place. */
export function readRows(path: string, dimension: number, most = Number.POSITIVE_INFINITY): Float32Array {
  const bytes = readFileSync(path);
  const rows = allocateFloats(Math.min(most * dimension, bytes.length / 4));
  new Uint8Array(rows.buffer).set(bytes.subarray(0, rows.byteLength));
  return rows;
}
