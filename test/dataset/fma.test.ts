import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fmaTrackId } from '../../src/dataset/fma.ts';
import type { TrackMetadata } from '../../src/dataset/track.ts';
import { FIXTURES, load, makeTree } from './support.ts';

const FMA = join(FIXTURES, 'fma_metadata');
/** Made by test/oracle/fma_metadata.py with pandas. */
const golden: Record<string, Record<string, TrackMetadata>> = JSON.parse(
  await readFile(join(FMA, 'golden.json'), 'utf8'),
);

function fmaTree(ids: string[]): Promise<string> {
  return makeTree(Object.fromEntries(ids.map((id) => [`${id.slice(0, 3)}/${id}.mp3`, 0])));
}

describe('the metadata of FMA', () => {
  it.each(['tracks.csv', 'raw_tracks.csv'])('reads from %s what pandas reads', async (name) => {
    const expected = golden[name];
    const { tracks } = await load(await fmaTree(Object.keys(expected)), { metadata: join(FMA, name) });
    // A track without a title is shown by the name of its file.
    const shown = Object.entries(expected).map(([id, row]) => [id, { ...row, title: row.title ?? id }]);
    expect(Object.fromEntries(tracks.map(({ id, metadata }) => [id, metadata]))).toEqual(
      Object.fromEntries(shown),
    );
    expect(tracks.map(({ id }) => id)).toEqual(Object.keys(expected).sort());
  });

  it('counts what it read, mended and left out', async () => {
    const root = await fmaTree(['000002', '000003', '000134', '000777']);
    const { report } = await load(root, { metadata: join(FMA, 'tracks.csv') });
    expect(report).toEqual({
      rows: 10,
      files: 4,
      matched: 3,
      filesWithoutRow: 1,
      rowsWithoutFile: 6,
      repaired: {
        // All ids of less than six digits, and all dates but for rows that repeat another.
        'id padded': 8,
        'date to ISO 8601': 9,
        'white space stripped': 1,
      },
      dropped: { 'double row': 1 },
      sampled: null,
    });
  });

  it('keeps genre ids where genres.csv is not there', async () => {
    const root = await fmaTree(['000010', '000020']);
    const alone = await makeTree({ 'tracks.csv': await readFile(join(FMA, 'tracks.csv'), 'utf8') });
    const { tracks } = await load(root, { metadata: join(alone, 'tracks.csv') });
    expect(tracks.map(({ metadata }) => metadata.genres)).toEqual([
      ['76', '103'],
      ['1', '32'],
    ]);
  });
});

describe('fmaTrackId', () => {
  it.each([
    ['000/000002.mp3', '000002'],
    ['fma_large/155/155320.MP3', '155320'],
    ['000/155320.mp3', null],
    ['0000/000002.mp3', null],
    ['000/000002 copy.mp3', null],
    ['000/000002.old.mp3', null],
    ['000002.mp3', null],
  ])('of %s is %s', (path, id) => {
    expect(fmaTrackId(path)).toBe(id);
  });
});
