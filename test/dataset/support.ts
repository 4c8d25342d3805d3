import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadDataset } from '../../src/dataset/load.ts';
import type { ReadCollection } from '../../src/dataset/mongodb-source.ts';
import type { DatasetRequest, Track } from '../../src/dataset/track.ts';
import { ERRORS, SoundalikeError } from '../../src/errors.ts';

export const FIXTURES = join(import.meta.dirname, '../fixtures/dataset');

/** A new folder, removed after the test. A number makes a file of that many bytes, a text one of that content. */
export async function makeTree(files: Record<string, number | string> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'soundalike-dataset-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : '');
    if (typeof content === 'number') await truncate(join(root, path), content);
  }
  return root;
}

export const noCollection: ReadCollection = () => {
  throw new Error('no collection is read here');
};

/** Loads everything of a source without MongoDB. */
export function load(source: string, rest: Partial<DatasetRequest> = {}) {
  return loadDataset({ source, metadata: null, sample: null, ...rest }, { readCollection: noCollection });
}

/** The error that a promise is rejected with, checked to be one that a user can read: a known code, one line. */
export async function userError(promise: Promise<unknown>): Promise<SoundalikeError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SoundalikeError)) throw new Error(`no SoundalikeError but ${error}`);
  if (!(error.code in ERRORS) || /[\r\n]/.test(error.message)) throw new Error(`not one line: ${error}`);
  return error;
}

export function makeTrack(id: string, bytes = 1, genre: string | null = null): Track {
  const nothing = { title: null, artist: null, album: null, date: null, license: null, listens: null };
  return { id, path: `${id}.mp3`, bytes, metadata: { ...nothing, genre, genres: [], tags: [] } };
}

/** Numbers from 0 to 1, the same in every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
