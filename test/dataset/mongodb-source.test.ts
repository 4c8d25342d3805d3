import { describe, expect, it } from 'vitest';
import { loadDataset, snapshotSource } from '../../src/dataset/load.ts';
import { makeTree, randomFrom, shuffled, userError } from './support.ts';

type Document = Record<string, unknown>;

/** A collection held in memory, and the address it was asked for by. */
function collectionOf(documents: Document[]) {
  const asked: string[] = [];
  const readCollection = async function* (uri: string) {
    asked.push(uri);
    yield* documents;
  };
  return { readers: { readCollection }, asked };
}

const request = (source: string) => ({ source, metadata: null, sample: null });

/** As the driver gives it: an object of a class of its own. */
class ObjectId {
  constructor(readonly hex: string) {}
}

describe('a MongoDB collection as source', () => {
  it('reads documents, flat or in FMA’s groups, with paths below the root named', async () => {
    const root = await makeTree({ '000/000002.mp3': 5, 'x y/b.ogg': 6 });
    const { readers, asked } = collectionOf([
      {
        _id: new ObjectId('0123456789abcdef01234567'),
        path: '000/000002.mp3',
        track: {
          title: ' Food ',
          genres: [21],
          listens: 1293,
          date_created: new Date('2008-11-26T01:48:12Z'),
        },
        artist: { name: 'AWOL' },
      },
      { _id: 77, file: 'x y/b.ogg', title: 1979, genre: 'Rock', tags: ['a', null], listens: -1 },
    ]);
    const uri = `mongodb://me:secret@db1:27017,db2/music/tracks?authSource=admin&root=${encodeURIComponent(root)}`;
    const dataset = await loadDataset(request(uri), readers);
    expect(asked).toEqual(['mongodb://me:secret@db1:27017,db2/music/tracks?authSource=admin']);
    expect(dataset.root).toBe(root);
    expect(dataset.tracks).toEqual([
      {
        id: '000002',
        path: '000/000002.mp3',
        bytes: 5,
        metadata: {
          title: 'Food',
          artist: 'AWOL',
          album: null,
          genre: '21',
          genres: ['21'],
          tags: [],
          date: '2008-11-26T01:48:12Z',
          license: null,
          listens: 1293,
        },
      },
      {
        id: '000077',
        path: 'x y/b.ogg',
        bytes: 6,
        metadata: {
          title: '1979',
          artist: null,
          album: null,
          genre: 'Rock',
          genres: ['Rock'],
          tags: ['a'],
          date: null,
          license: null,
          listens: null,
        },
      },
    ]);
  });

  it('takes absolute paths without a root', async () => {
    const root = await makeTree({ 'a.mp3': 1 });
    const { readers } = collectionOf([{ path: `${root}/a.mp3` }]);
    const dataset = await loadDataset(request('mongodb://db/music/tracks'), readers);
    expect(`${dataset.root}${dataset.tracks[0].path}`).toBe(`${root}/a.mp3`);
  });

  it('gives the same for any order of the documents, where two name one file as well', async () => {
    const root = await makeTree({ 'a.mp3': 1, 'b.mp3': 2, 'c.mp3': 3 });
    const documents = ['a', 'b', 'c', 'a', 'b', 'gone'].map((name, i) => ({
      path: `${name}.mp3`,
      title: `title ${i}`,
    }));
    const uri = `mongodb://db/music/tracks?root=${root}`;
    const results = [1, 2, 3, 4, 5].map(async (seed) => {
      const { readers } = collectionOf(shuffled(documents, randomFrom(seed)));
      return [await loadDataset(request(uri), readers), await snapshotSource(request(uri), readers)] as const;
    });
    const [[dataset, snapshot], ...others] = await Promise.all(results);
    expect(dataset.report).toMatchObject({ rows: 6, files: 3, rowsWithoutFile: 1 });
    expect(dataset.report.dropped).toEqual({ 'second row of a file': 2 });
    for (const other of others) expect(other).toEqual([dataset, snapshot]);

    const { readers } = collectionOf(documents.map((document) => ({ ...document, artist: 'new' })));
    expect((await snapshotSource(request(uri), readers)).digest).not.toBe(snapshot.digest);
  });

  it('says what is wrong, and never shows the password', async () => {
    const load = (uri: string, documents: Document[]) =>
      userError(loadDataset(request(uri), collectionOf(documents).readers));
    const uri = 'mongodb://me:secret@db/music/tracks';
    const faults = [
      await load(uri, []),
      await load(uri, [{ title: 'x', year: 1999 }]),
      await load(uri, [{ path: 'a.mp3' }]),
      await load(`${uri}?root=/nowhere`, [{ path: 'a.mp3' }]),
      await load(`${uri}?root=here`, [{ path: 'a.mp3' }]),
      await load('mongodb://me:secret@db/music', [{ path: 'a.mp3' }]),
    ];
    expect(faults.map(({ code }) => code)).toEqual([
      'SOURCE_EMPTY',
      'METADATA_COLUMNS_MISSING',
      'USAGE',
      'SOURCE_WITHOUT_AUDIO',
      'USAGE',
      'USAGE',
    ]);
    expect(faults[0].message).toContain('mongodb://db/music/tracks');
    expect(faults[1].message).toContain('found: title, year');
    expect(faults[2].message).toContain('?root=/folder');
    for (const { message } of faults) expect(message).not.toContain('secret');
  });
});
