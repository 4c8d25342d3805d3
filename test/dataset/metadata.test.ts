import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load, makeTree, userError } from './support.ts';

async function loadWith(audio: Record<string, number>, csv: string) {
  const root = await makeTree(audio);
  const metadata = join(await makeTree({ 'meta.csv': csv }), 'meta.csv');
  return load(root, { metadata });
}

describe('a metadata file', () => {
  it('matches by id the files that have a number as their name, and gives them this id', async () => {
    const { tracks, report } = await loadWith(
      { 'a/2.mp3': 1, '000010.mp3': 1, 'other.mp3': 1 },
      'track_id,title\n2,Two\n10,Ten\n11,Eleven\n',
    );
    expect(tracks.slice(0, 2).map(({ id, metadata }) => [id, metadata.title])).toEqual([
      ['000002', 'Two'],
      ['000010', 'Ten'],
    ]);
    expect(tracks[2].metadata.title).toBe('other');
    expect(report).toMatchObject({ rows: 3, files: 3, matched: 2, filesWithoutRow: 1, rowsWithoutFile: 1 });
  });

  it('matches by path where a row has one, composed or not, and gives the id of the row', async () => {
    const { tracks } = await loadWith(
      { ['Björk/Jóga.mp3'.normalize('NFD')]: 1, '7.mp3': 1 },
      `id,path,title\n5,${'Björk/Jóga.mp3'.normalize('NFC')},Jóga\n7,gone.mp3,Seven\n`,
    );
    expect(tracks.map(({ id, metadata }) => [id, metadata.title])).toEqual([
      ['000005', 'Jóga'],
      ['000007', 'Seven'],
    ]);
  });

  it('takes paths from the folder of the source, else from its own', async () => {
    const root = await makeTree({
      'music/a.mp3': 1,
      'music/b.mp3': 1,
      'meta.csv': 'path,title\nmusic/a.mp3,A\nb.mp3,B\n',
    });
    const { tracks } = await load(join(root, 'music'), { metadata: join(root, 'meta.csv') });
    expect(tracks.map(({ metadata }) => metadata.title).sort()).toEqual(['A', 'B']);
  });

  it('keeps the first of several rows of a file, and tells doubles from others', async () => {
    const { tracks, report } = await loadWith(
      { '000/000002.mp3': 1 },
      'id,title\n2,First\n2,First\n2,Second\n,Nobody\n',
    );
    expect(tracks[0].metadata.title).toBe('First');
    expect(report.dropped).toEqual({
      'double row': 1,
      'second row of a file': 1,
      'row without id or path': 1,
    });
  });

  it('goes before the columns of a CSV source, which fill its gaps', async () => {
    const root = await makeTree({
      'a.mp3': 1,
      'list.csv': 'id,path,title,artist\n5,a.mp3,Listed,Somebody\n',
      'meta.csv': 'id,title,genre\n5,Known,Rock\n',
    });
    const { tracks, report } = await load(join(root, 'list.csv'), { metadata: join(root, 'meta.csv') });
    expect(tracks[0].metadata).toMatchObject({ title: 'Known', artist: 'Somebody', genre: 'Rock' });
    expect(report).toMatchObject({ rows: 2, matched: 1 });
  });

  it('says what is wrong with it', async () => {
    const root = await makeTree({ 'a.mp3': 1, 'flat.csv': 'title\nx\n', 'bad.csv': 'id,title\n1\n' });
    const fault = (name: string) => userError(load(root, { metadata: join(root, name) }));
    expect((await fault('gone.csv')).code).toBe('METADATA_NOT_FOUND');
    const folder = await fault('.');
    expect([folder.code, folder.message]).toEqual([
      'METADATA_NOT_FOUND',
      expect.stringContaining('is a folder'),
    ]);
    const flat = await fault('flat.csv');
    expect(flat.code).toBe('METADATA_COLUMNS_MISSING');
    expect(flat.message).toContain('track_id, id, _id, path, file');
    expect((await fault('bad.csv')).message).toContain('line 2');
  });

  it('names the files that one of its ids fits', async () => {
    const error = await userError(loadWith({ 'one/01.mp3': 1, 'two/01.mp3': 1 }, 'id,title\n1,x\n'));
    expect(error.code).toBe('TRACK_ID_DUPLICATE');
    expect(error.message).toContain('one/01.mp3 and two/01.mp3');
  });
});
