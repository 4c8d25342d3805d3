import { expect, test } from 'vitest';
import { FEATURE_VERSION, PRESETS } from '../../src/audio/descriptors.ts';
import type { Documents } from '../../src/store/documents.ts';
import { openPlaylists } from '../../src/store/playlists.ts';
import { featureColumns } from '../../src/store/shard-columns.ts';
import { trackDocuments } from '../../src/store/track-documents.ts';
import { sampleRows } from '../support/shard-rows.ts';

/** What every document store must do. @param open Gives a new, empty store for each test. */
export function documentsContract(open: () => Promise<Documents>): void {
  test('documents come back as they went in, vectors bit by bit', async () => {
    const documents = await open();
    const document = {
      _id: 'a:1',
      title: 'Été "音" 🎵\n\'quoted\' $1',
      none: null,
      number: 1.5,
      large: 5_000_000_000,
      truth: true,
      list: ['a', 1, null, { nested: new Float32Array([3]) }],
      vector: new Float32Array([0.1, -0, 1e-45, 3.4e38, Number.NaN, Number.POSITIVE_INFINITY]),
      empty: new Float32Array(),
      deep: { deeper: { vector: new Float32Array([1, 2]) } },
    };
    await documents.upsert('tracks', [document]);
    const read = await documents.get('tracks', 'a:1');
    expect(read).toEqual(document);
    expect(read?.vector).toBeInstanceOf(Float32Array);
  });

  test('a document that is not there is null', async () => {
    const documents = await open();
    expect(await documents.get('tracks', 'absent')).toBeNull();
    await documents.upsert('workers', [{ _id: 'absent' }]);
    expect(await documents.get('tracks', 'absent')).toBeNull();
  });

  test('upsert replaces whole documents, and twice is as once', async () => {
    const documents = await open();
    await documents.upsert('tracks', [{ _id: 'a', old: 1 }, { _id: 'b' }]);
    for (let time = 0; time < 2; time++) {
      await documents.upsert('tracks', [{ _id: 'a', new: 2 }, { _id: 'c' }]);
    }
    expect(await documents.find('tracks', {})).toEqual([{ _id: 'a', new: 2 }, { _id: 'b' }, { _id: 'c' }]);
  });

  test('no documents are no error', async () => {
    const documents = await open();
    await documents.upsert('tracks', []);
    await documents.remove('tracks', []);
    expect(await documents.count('tracks', {})).toBe(0);
  });

  test('find and count go by all fields given, in the order of ids, up to the limit', async () => {
    const documents = await open();
    const all = ['b', 'B', 'ä', 'a:2', 'a'].map((_id, index) => ({
      _id,
      run: index < 3 ? 'one' : 'two',
      done: index % 2 === 0,
      size: index,
    }));
    await documents.upsert('partitions', all);
    await documents.upsert('tracks', [{ _id: 'x', run: 'one' }]);
    const ids = async (equals: Record<string, string | number | boolean>, limit?: number) =>
      (await documents.find('partitions', equals, limit)).map(({ _id }) => _id);
    expect(await ids({})).toEqual(['B', 'a', 'a:2', 'b', 'ä']);
    expect(await ids({ run: 'one' })).toEqual(['B', 'b', 'ä']);
    expect(await ids({ run: 'one', done: true })).toEqual(['b', 'ä']);
    expect(await ids({ size: 3 })).toEqual(['a:2']);
    expect(await ids({ size: '3' })).toEqual([]);
    expect(await ids({ run: "one' OR 1=1" })).toEqual([]);
    expect(await ids({}, 2)).toEqual(['B', 'a']);
    expect(await documents.count('partitions', { run: 'one' })).toBe(3);
    expect(await documents.count('partitions', { absent: true })).toBe(0);
  });

  test('between takes a range of ids, in their order', async () => {
    const documents = await open();
    const ids = ['a 2', 'a 1', 'a!', 'a', 'aa 1', 'b 1', 'B 1'];
    await documents.upsert(
      'activity',
      ids.map((_id) => ({ _id, list: [_id] })),
    );
    await documents.upsert('tracks', [{ _id: 'a 3' }]);
    expect(await documents.between('activity', 'a ', 'a!')).toEqual([
      { _id: 'a 1', list: ['a 1'] },
      { _id: 'a 2', list: ['a 2'] },
    ]);
    expect(await documents.between('activity', 'c', 'd')).toEqual([]);
  });

  test('remove takes the named documents of one collection', async () => {
    const documents = await open();
    await documents.upsert('workers', [{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }]);
    await documents.upsert('tracks', [{ _id: 'a' }]);
    await documents.remove('workers', ['a', 'c', 'absent']);
    expect(await documents.find('workers', {})).toEqual([{ _id: 'b' }]);
    expect(await documents.count('tracks', {})).toBe(1);
  });

  test('texts that are not proper Unicode are kept as far as they are', async () => {
    const documents = await open();
    await documents.upsert('tracks', [{ _id: 'a', title: 'half \ud83c of a pair' }]);
    expect(await documents.get('tracks', 'a')).toEqual({ _id: 'a', title: 'half \ufffd of a pair' });
    await documents.upsert('tracks', [{ _id: 'b', title: 'a null\0 inside' }]);
    expect((await documents.get('tracks', 'b'))?.title).toMatch(/^a null[\0\ufffd] inside$/);
  });

  test('the documents of tracks are one a track and feature version', async () => {
    const documents = await open();
    const rows = sampleRows(20);
    for (let time = 0; time < 2; time++) await documents.upsert('tracks', trackDocuments(rows));
    expect(await documents.count('tracks', {})).toBe(20);
    const document = await documents.get('tracks', `001003:${FEATURE_VERSION}`);
    expect(document).toMatchObject({ track: '001003', genre: 'Rock', sample_rate: 44_100, tags: ['live'] });
    expect(document?.features).toMatchObject({ mel_mean: rows[3].features.statistics.mel!.mean });
    expect(Object.keys(document?.features ?? {})).toHaveLength(featureColumns(PRESETS.full).length);
  });

  test('a large batch is written, and written again', async () => {
    const documents = await open();
    const batch = Array.from({ length: 150 }, (_, index) => ({ _id: String(index), index }));
    for (let time = 0; time < 2; time++) await documents.upsert('tracks', batch);
    expect(await documents.count('tracks', {})).toBe(150);
    expect(await documents.get('tracks', '149')).toEqual({ _id: '149', index: 149 });
  });

  test('playlists are kept under their listeners', async () => {
    const playlists = openPlaylists(await open());
    const mine = await playlists.create('me', 'Ünder "way"', ['b', 'a', 'b']);
    await playlists.create('me', 'Apart', []);
    await playlists.create('other', 'Theirs', []);
    expect((await playlists.list('me')).map(({ name }) => name)).toEqual(['Apart', 'Ünder "way"']);
    const changed = await playlists.change('me', mine.id, ({ tracks }) => ({ tracks: [...tracks, 'c'] }));
    expect(changed).toMatchObject({ name: 'Ünder "way"', tracks: ['b', 'a', 'b', 'c'], revision: 2 });
    expect(await playlists.find('me', mine.id)).toEqual(changed);
    await expect(playlists.find('other', mine.id)).rejects.toMatchObject({ code: 'PLAYLIST_NOT_FOUND' });
    await playlists.remove('me', mine.id);
    await expect(playlists.change('me', mine.id, () => ({}))).rejects.toMatchObject({
      code: 'PLAYLIST_NOT_FOUND',
    });
  });

  test('upserts at once do not lose each other', async () => {
    const documents = await open();
    const batches = Array.from({ length: 8 }, (_, batch) =>
      Array.from({ length: 10 }, (_, index) => ({ _id: `${batch}-${index}`, batch })),
    );
    await Promise.all(batches.map((batch) => documents.upsert('tracks', batch)));
    expect(await documents.count('tracks', {})).toBe(80);
  });
}
