import { appendFile, cp, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadDataset, snapshotSource } from '../../src/dataset/load.ts';
import type { DatasetRequest } from '../../src/dataset/track.ts';
import { FIXTURES, load, makeTree, noCollection, randomFrom, shuffled } from './support.ts';

const readers = { readCollection: noCollection };
const request = (source: string, metadata: string | null = null): DatasetRequest => ({
  source,
  metadata,
  sample: null,
});

describe('loadDataset', () => {
  it('reads the tags of files of which no row tells', async () => {
    const root = await makeTree({ 'silent.flac': 'no audio at all', 'empty.mp3': 0 });
    await cp(join(FIXTURES, 'tagged'), root, { recursive: true });
    const { tracks, report } = await load(root);
    const titles = Object.fromEntries(tracks.map(({ path, metadata }) => [path, metadata.title]));
    expect(titles).toEqual({
      'empty.mp3': 'empty',
      'silent.flac': 'silent',
      'tone.flac': 'Tïtle of the flac',
      'tone.m4a': 'Tïtle of the m4a',
      'tone.mp3': 'Tïtle of the mp3',
      'tone.ogg': 'Tïtle of the ogg',
    });
    const tagged = tracks.filter(({ path }) => path.startsWith('tone'));
    expect(tagged).toHaveLength(4);
    for (const { metadata } of tagged) {
      expect(metadata).toMatchObject({
        artist: 'Artist',
        album: 'Album',
        genre: 'Rock',
        genres: ['Rock', 'Pop'],
        date: '1999-05-20',
      });
    }
    expect(report.repaired).toEqual({ 'white space stripped': 4, 'tags not readable': 1 });
  });

  it('fills in from tags what a row without title and artist does not say, and reads no others', async () => {
    const root = await makeTree({
      'list.csv': 'path,title,genre\ntone.ogg,,Jazz\ntone.mp3,Mine,\n',
    });
    await cp(join(FIXTURES, 'tagged'), root, { recursive: true });
    const { tracks } = await load(join(root, 'list.csv'));
    const byPath = Object.fromEntries(tracks.map(({ path, metadata }) => [path, metadata]));
    expect(byPath['tone.ogg']).toMatchObject({ title: 'Tïtle of the ogg', artist: 'Artist', genre: 'Jazz' });
    expect(byPath['tone.mp3']).toMatchObject({ title: 'Mine', artist: null, genre: null });
  });

  it('takes the sample asked for, in the order of ids', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${i < 30 ? 'Rock' : 'Jazz'}`);
    const root = await makeTree({
      ...Object.fromEntries(rows.map((_, i) => [`${i}.mp3`, 0])),
      'meta.csv': `id,genre\n${rows.join('\n')}\n`,
    });
    const { tracks, report } = await load(root, { metadata: join(root, 'meta.csv'), sample: 8 });
    expect(tracks.map(({ id }) => id)).toEqual(tracks.map(({ id }) => id).sort());
    expect(tracks.filter(({ metadata }) => metadata.genre === 'Jazz')).toHaveLength(2);
    expect(report).toMatchObject({ files: 40, sampled: 8 });
    expect(tracks).toHaveLength(8);
  });

  it('gives the same for the same files, whatever the order they were made in, the place or the time zone', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `${'äzé'.charAt(i % 3)}/${i}/${(i * 7) % 60}.mp3`);
    const csv = `path,title,date\n${names.map((name, i) => `${name},T${i},${i % 2 ? '3/4/2008' : '2008-11-26 01:48:12'}`).join('\n')}\n`;
    const make = async (seed: number) => {
      const root = await makeTree(
        Object.fromEntries(shuffled(names, randomFrom(seed)).map((name) => [name, name.length])),
      );
      const metadata = join(await makeTree({ 'meta.csv': csv }), 'meta.csv');
      return { root, dataset: await load(root, { metadata, sample: 50 }) };
    };
    const zone = process.env.TZ;
    onTestFinished(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });
    const one = await make(1);
    process.env.TZ = 'Pacific/Auckland';
    const other = await make(2);
    // As text: a plan is compared byte by byte, so the order of keys counts as well.
    expect(JSON.stringify({ ...other.dataset, root: one.root })).toBe(JSON.stringify(one.dataset));
    expect(one.dataset.report.matched).toBe(60);
  });

  it('tells how far it has come', async () => {
    const root = await makeTree({
      ...Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`${i}.mp3`, i < 2 ? 1 : 0])),
      'meta.csv': `id,tags\n${Array.from({ length: 2100 }, (_, i) => `${i},t`).join('\n')}\n`,
    });
    const seen: unknown[] = [];
    await loadDataset(request(root, join(root, 'meta.csv')), readers, (progress) => seen.push(progress));
    expect(seen).toEqual([
      { stage: 'source', done: 1200, total: null },
      { stage: 'metadata', done: 1000, total: null },
      { stage: 'metadata', done: 2000, total: null },
      { stage: 'tags', done: 2, total: 2 },
    ]);
  });
});

describe('snapshotSource', () => {
  it('changes with each file and with the metadata, and with nothing else', async () => {
    const root = await makeTree({ 'a/1.mp3': 10, 'b.mp3': 20 });
    const meta = await makeTree({ 'meta.csv': 'id,title\n1,x\n', 'genres.csv': 'genre_id,title\n1,Rock\n' });
    const metadata = join(meta, 'meta.csv');
    const old = new Date('2020-01-01T00:00:00Z');
    const settle = async () => {
      for (const name of ['a/1.mp3', 'b.mp3']) await utimes(join(root, name), old, old);
    };
    await settle();
    const look = () => snapshotSource(request(root, metadata), readers);

    const first = await look();
    expect(first).toEqual({ digest: expect.stringMatching(/^[\da-f]{64}$/), files: 2, bytes: 30 });
    await writeFile(join(root, 'notes.txt'), 'x');
    expect(await look()).toEqual(first);
    const copy = await makeTree({});
    await cp(root, copy, { recursive: true, preserveTimestamps: true });
    expect(await snapshotSource(request(copy, metadata), readers)).toEqual(first);

    const digests = [first.digest, (await snapshotSource(request(root), readers)).digest];
    const changes = [
      () => appendFile(metadata, '2,y\n'),
      () => appendFile(join(meta, 'genres.csv'), '2,Pop\n'),
      () => utimes(join(root, 'b.mp3'), old, new Date('2021-01-01T00:00:00Z')),
      () => appendFile(join(root, 'b.mp3'), 'x').then(settle),
      () => rename(join(root, 'b.mp3'), join(root, 'c.mp3')),
      () => writeFile(join(root, 'd.mp3'), ''),
    ];
    for (const change of changes) {
      await change();
      digests.push((await look()).digest);
    }
    expect(new Set(digests).size).toBe(8);
  });

  it('finds the mistakes that loadDataset would', async () => {
    const root = await makeTree({ '000/000002.mp3': 1, 'x/000/000002.mp3': 1 });
    await expect(snapshotSource(request(root), readers)).rejects.toMatchObject({
      code: 'TRACK_ID_DUPLICATE',
    });
    await expect(snapshotSource(request(join(root, '000'), '/gone.csv'), readers)).rejects.toMatchObject({
      code: 'METADATA_NOT_FOUND',
    });
  });
});
