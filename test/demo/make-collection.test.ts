import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogue } from '../../demo/collection/catalogue.ts';
import { makeCollection } from '../../demo/collection/make-collection.ts';

const tracks = [catalogue()[0]!, catalogue().at(-1)!];
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'soundalike-demo-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function digest(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

test('an FMA tree appears whole, the same each time, and is used again', async () => {
  const counts: number[] = [];
  const first = await makeCollection(join(home, 'first'), tracks, 1, (done) => counts.push(done));
  expect(counts).toEqual([1, 2]);
  expect(await readdir(home)).toEqual(['first']);
  expect((await readdir(first.audio, { recursive: true })).sort()).toEqual([
    '000',
    '000/000002.mp3',
    '002',
    '002/002337.mp3',
  ]);
  expect(await readdir(join(home, 'first', 'fma_metadata'))).toEqual(['genres.csv', 'tracks.csv']);

  const second = await makeCollection(join(home, 'second'), tracks, 1, () => {});
  const clip = '002/002337.mp3';
  expect(await digest(join(second.audio, clip))).toBe(await digest(join(first.audio, clip)));
  expect(await digest(second.metadata)).toBe(await digest(first.metadata));

  const before = await stat(join(first.audio, clip));
  const again = await makeCollection(join(home, 'first'), tracks, 1, () => expect.unreachable());
  expect(again).toEqual(first);
  expect((await stat(join(first.audio, clip))).mtimeMs).toBe(before.mtimeMs);
});
