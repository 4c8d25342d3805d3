import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load, makeTree, userError } from './support.ts';

const AUDIO = { 'audio/1.mp3': 10, 'audio/2.mp3': 20, 'audio/3.mp3': 30 };

describe('a CSV as source', () => {
  it.each(['path', 'file', 'filename', 'filepath', 'File Name', 'file_path', 'audio_path', ' PATH '])(
    'takes the files from the column %j',
    async (column) => {
      const root = await makeTree({
        ...AUDIO,
        'list.csv': `title,${column}\nOne,audio/1.mp3\nTwo,./audio/2.mp3\n`,
      });
      const { root: found, tracks, report } = await load(join(root, 'list.csv'));
      expect(found).toBe(root);
      expect(tracks.map(({ path, bytes, metadata }) => [path, bytes, metadata.title]).sort()).toEqual([
        ['audio/1.mp3', 10, 'One'],
        ['audio/2.mp3', 20, 'Two'],
      ]);
      expect(report).toMatchObject({ rows: 2, files: 2, matched: 2, filesWithoutRow: 0, rowsWithoutFile: 0 });
    },
  );

  it('reads a byte order mark, Windows line ends, quotes and empty lines', async () => {
    const csv =
      '\ufeffpath,title,artist,genre,year,tags\r\n"audio/1.mp3","a, ""b""\r\nc",  X ,"Folk, World, & Country",1999,x;y\r\n\r\naudio/2.mp3,,,,,\r\n';
    const root = await makeTree({ ...AUDIO, 'list.csv': csv });
    const { tracks } = await load(join(root, 'list.csv'));
    expect(tracks.find(({ path }) => path === 'audio/1.mp3')?.metadata).toEqual({
      title: 'a, "b"\r\nc',
      artist: 'X',
      album: null,
      genre: 'Folk, World, & Country',
      genres: ['Folk, World, & Country'],
      tags: ['x', 'y'],
      date: '1999',
      license: null,
      listens: null,
    });
    expect(tracks.find(({ path }) => path === 'audio/2.mp3')?.metadata.title).toBe('2');
  });

  it('counts rows whose file is missing, doubled rows and rows of no use', async () => {
    const root = await makeTree({
      ...AUDIO,
      'list.csv':
        'id,path\n7,audio/1.mp3\n8,audio/gone.mp3\n7,audio/1.mp3\n9,audio/1.mp3\n10,\n,\nx,audio/2.mp3\n11,cover.jpg\n12,audio\n',
    });
    const { tracks, report } = await load(join(root, 'list.csv'));
    expect(tracks.map(({ path }) => path).sort()).toEqual(['audio/1.mp3', 'audio/2.mp3']);
    expect(tracks.find(({ path }) => path === 'audio/1.mp3')?.id).toBe('000007');
    expect(report).toMatchObject({ rows: 9, files: 2, rowsWithoutFile: 1 });
    expect(report.dropped).toEqual({
      'double row': 1,
      'second row of a file': 1,
      'row without a path': 1,
      'row without id or path': 1,
      'ending not of an audio format': 2,
    });
    expect(report.repaired['id not a number']).toBe(1);
  });

  it('takes absolute paths, and makes those below its folder relative', async () => {
    const other = await makeTree({ 'x.mp3': 1 });
    const root = await makeTree(AUDIO);
    const list = join(root, 'list.csv');
    await writeFile(list, `path\n${root}/audio/1.mp3\n${other}/x.mp3\naudio/../audio/1.mp3\n`);
    const { root: found, tracks, report } = await load(list);
    expect(found).toBe(root);
    expect(tracks.map(({ path }) => path).sort()).toEqual([join(other, 'x.mp3'), 'audio/1.mp3'].sort());
    expect(report.dropped).toEqual({ 'second row of a file': 1 });
  });

  it('raises the root to hold the files of paths that lead upwards, and keeps the ids', async () => {
    const root = await makeTree({
      ...AUDIO,
      'lists/2024/x.mp3': 1,
      'lists/2024/one.csv': 'path\nx.mp3\n',
      'lists/2024/two.csv': 'path\nx.mp3\n../../audio/1.mp3\n',
    });
    const one = await load(join(root, 'lists/2024/one.csv'));
    const two = await load(join(root, 'lists/2024/two.csv'));
    expect(one.root).toBe(join(root, 'lists/2024'));
    expect(two.root).toBe(root);
    expect(two.tracks.map(({ path }) => path).sort()).toEqual(['audio/1.mp3', 'lists/2024/x.mp3']);
    expect(two.tracks.find(({ path }) => path === 'lists/2024/x.mp3')?.id).toBe(one.tracks[0].id);
  });

  it('says which columns are missing and which are there', async () => {
    const root = await makeTree({
      'list.csv': 'title,song file\na,b\n',
      'none.csv': '\n',
      'rows.csv': 'path\n',
    });
    const error = await userError(load(join(root, 'list.csv')));
    expect(error.code).toBe('METADATA_COLUMNS_MISSING');
    expect(error.message).toContain('none of the columns path, file, filename, filepath');
    expect(error.message).toContain('(found: title, song file)');
    expect((await userError(load(join(root, 'none.csv')))).message).toContain('(found: none)');
    expect((await userError(load(join(root, 'rows.csv')))).code).toBe('SOURCE_EMPTY');
  });

  it('names the line of a fault', async () => {
    const root = await makeTree({
      'cells.csv': 'path,title\na.mp3,x\nb.mp3,y,z\n',
      'quote.csv': 'path,title\na.mp3,"x"y\n',
      'open.csv': 'path,title\na.mp3,"x\nb.mp3,y\n',
    });
    const cells = await userError(load(join(root, 'cells.csv')));
    expect(cells.code).toBe('METADATA_MALFORMED');
    expect(cells.message).toMatch(/cells\.csv, line 3: the row has more or fewer cells than the header/);
    expect((await userError(load(join(root, 'quote.csv')))).message).toMatch(/line 2: a quote stands where/);
    expect((await userError(load(join(root, 'open.csv')))).message).toMatch(
      /line \d: a quote is opened and never/,
    );
  });

  it('says so where no file is there', async () => {
    const root = await makeTree({ 'list.csv': 'path\ngone/1.mp3\n', 'empty.csv': '' });
    const error = await userError(load(join(root, 'list.csv')));
    expect(error.code).toBe('SOURCE_WITHOUT_AUDIO');
    expect(error.message).toContain('such as gone/1.mp3');
    expect((await userError(load(join(root, 'empty.csv')))).code).toBe('SOURCE_EMPTY');
  });

  it('names both files of one id', async () => {
    const root = await makeTree({ ...AUDIO, 'list.csv': 'id,path\n5,audio/1.mp3\n05,audio/2.mp3\n' });
    const error = await userError(load(join(root, 'list.csv')));
    expect(error.code).toBe('TRACK_ID_DUPLICATE');
    expect(error.message).toContain('audio/1.mp3 and audio/2.mp3 both have the track id 000005');
  });
});
