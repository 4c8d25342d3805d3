import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load, makeTree, userError } from './support.ts';

describe('a folder as source', () => {
  it('finds the known formats at any depth, in any case, and nothing else', async () => {
    const endings = ['mp3', 'OGG', 'oga', 'Flac', 'wav', 'm4a', 'mp4', 'aac', 'opus'];
    const files = endings.map((ending, i) => [`${'deep/'.repeat(i)}track.${ending}`, i]);
    const root = await makeTree({ ...Object.fromEntries(files), 'cover.jpg': 9, 'list.m3u': 9, mp3: 9 });
    const dataset = await load(root);
    expect(dataset.root).toBe(root);
    expect(dataset.tracks.map(({ path, bytes }) => [path, bytes]).sort()).toEqual(files.sort());
    expect(dataset.report).toMatchObject({ files: 9, rows: 0, matched: 0, filesWithoutRow: 9, dropped: {} });
  });

  it('passes over hidden folders, hidden files and links, and counts them', async () => {
    const elsewhere = await makeTree({ 'out.mp3': 5 });
    const root = await makeTree({
      'a.mp3': 1,
      '...And Justice for All/b.mp3': 1,
      '.Trash/x/c.mp3': 1,
      '@eaDir/d.mp3/SYNOAUDIO.mp3': 1,
      '._a.mp3': 1,
      '.hidden/notes.txt': 1,
    });
    await symlink(elsewhere, join(root, 'linked'));
    await symlink(join(elsewhere, 'out.mp3'), join(root, 'out.mp3'));
    await symlink(root, join(root, 'cycle'));
    const { tracks, report } = await load(root);
    expect(tracks.map(({ path }) => path).sort()).toEqual(['...And Justice for All/b.mp3', 'a.mp3']);
    expect(report.dropped).toEqual({ 'hidden file, or in a hidden folder': 3, 'link not followed': 3 });
  });

  it('takes a link as the source itself', async () => {
    const root = await makeTree({ 'music/a.mp3': 1 });
    await symlink(join(root, 'music'), join(root, 'link'));
    expect((await load(join(root, 'link'))).tracks.map(({ path }) => path)).toEqual(['a.mp3']);
  });

  it('makes ids of paths, the same wherever the folder lies and however accents are stored', async () => {
    const one = await makeTree({ ['Björk/Jóga.mp3'.normalize('NFC')]: 1 });
    const other = await makeTree({ ['Björk/Jóga.mp3'.normalize('NFD')]: 1 });
    const [first] = (await load(one)).tracks;
    const [second] = (await load(other)).tracks;
    // printf 'Björk/Jóga.mp3' | sha256sum
    expect(first.id).toBe('7173c01d41ed');
    expect(second.id).toBe(first.id);
    expect(second.path).toBe('Björk/Jóga.mp3'.normalize('NFD'));
    expect(second.metadata.title).toBe('Jóga'.normalize('NFC'));
  });

  it('takes the id of an FMA tree from the names, in or below the source', async () => {
    const root = await makeTree({ 'fma_small/000/000002.mp3': 1, 'fma_small/155/155320.mp3': 1, '3.mp3': 1 });
    const ids = (await load(root)).tracks.map(({ id }) => id);
    expect(ids.slice(0, 1)).toEqual(['000002']);
    expect(ids).toContain('155320');
    expect(ids.filter((id) => /^[\da-f]{12}$/.test(id))).toHaveLength(1);
    expect((await load(join(root, 'fma_small'))).tracks.map(({ id }) => id)).toEqual(['000002', '155320']);
  });

  it('keeps empty files: they fail when their turn comes', async () => {
    expect((await load(await makeTree({ 'a.mp3': 0 }))).tracks).toHaveLength(1);
  });

  it('says what is wrong with the source', async () => {
    const root = await makeTree({ 'text/readme.txt': 'x', '.Trash/a.mp3': 1 });
    await mkdir(join(root, 'empty/below'), { recursive: true });

    const missing = await userError(load(join(root, 'nothing')));
    expect(missing.code).toBe('SOURCE_NOT_FOUND');
    expect(missing.message).toContain(join(root, 'nothing'));
    expect((await userError(load(join(root, 'empty')))).code).toBe('SOURCE_EMPTY');
    const silent = await userError(load(root));
    expect(silent.code).toBe('SOURCE_WITHOUT_AUDIO');
    expect(silent.message).toContain(
      '.mp3 .ogg .oga .opus .flac .wav .w64 .rf64 .bw64 .aif .aiff .aifc .m4a .mp4 .aac',
    );
    expect(silent.message).toContain('1 × hidden file');
    expect((await userError(load(join(root, 'text/readme.txt')))).code).toBe('USAGE');
  });

  it('names both files of one id', async () => {
    const root = await makeTree({ 'small/000/000002.mp3': 1, 'medium/000/000002.mp3': 1 });
    const error = await userError(load(root));
    expect(error.code).toBe('TRACK_ID_DUPLICATE');
    expect(error.message).toContain('medium/000/000002.mp3 and small/000/000002.mp3');
  });
});
