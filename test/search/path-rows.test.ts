import { describe, expect, it } from 'vitest';
import { rowsOfPaths } from '../../src/search/path-rows.ts';

function column(paths: string[]) {
  const texts = paths.map((path) => Buffer.from(path));
  const starts = [0];
  for (const text of texts) starts.push(starts.at(-1)! + text.length);
  return { bytes: new Uint8Array(Buffer.concat(texts)), starts: Int32Array.from(starts) };
}

const PATHS = column(['032/song.mp3', 'deep/032/song.mp3', 'Été/où.flac', 'root.mp3', '/elsewhere/a.mp3']);

describe('rowsOfPaths', () => {
  it.each([
    ['032/song.mp3', 0],
    ['/home/anna/Music/032/song.mp3', 0],
    // The longest of two.
    ['/home/anna/deep/032/song.mp3', 1],
    ['deep/032/song.mp3', 1],
    // As macOS writes it, decomposed.
    ['/Volumes/Music/Été/où.flac'.normalize('NFD'), 2],
    ['root.mp3', 3],
    ['/elsewhere/a.mp3', 4],
    // A name alone may be that of another file.
    ['/home/anna/root.mp3', -1],
    ['song.mp3', -1],
    ['132/song.mp3', -1],
    ['033/song.mp3', -1],
    ['', -1],
  ])('finds %s', (path, row) => {
    expect([...rowsOfPaths(PATHS, [path])]).toEqual([row]);
  });

  it('finds each of many, in their order, one twice', () => {
    expect([...rowsOfPaths(PATHS, ['root.mp3', 'no.mp3', '032/song.mp3', 'root.mp3'])]).toEqual([
      3, -1, 0, 3,
    ]);
    expect([...rowsOfPaths(column([]), ['a/b'])]).toEqual([-1]);
  });
});
