import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { realClips } from '../support/real-clips.ts';
import { removeFolder, suiteFolder } from '../support/temporary.ts';

interface Found {
  id: string;
  artist: string;
  genre: string;
  tempo: number;
  seconds: number;
  distance: number;
}

describe('similar, by several tracks and among some of them', { timeout: 120_000 }, () => {
  let music: string;
  let data: string;
  const similar = async (...args: string[]) => {
    const { stdout, stderr, code } = await cli(['similar', ...args, '--data', data, '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return JSON.parse(stdout) as { queries: string[]; method: string; results: Found[] };
  };

  beforeAll(async () => {
    [music, data] = [await suiteFolder(), await suiteFolder()];
    const clips = await realClips();
    const names = (await readdir(clips)).filter((name) => name.endsWith('.mp3')).sort();
    const rows = names
      .slice(0, 8)
      .map((name, i) => [i + 1, name, `Artist ${i % 3}`, i % 2 ? 'Rock' : 'Folk']);
    for (const [, name] of rows) await cp(join(clips, String(name)), join(music, String(name)));
    const lines = [['id', 'path', 'artist', 'genre'], ...rows].map((row) => row.join(','));
    await writeFile(join(music, 'tracks.csv'), `${lines.join('\n')}\n`);
    expect((await cli(['run', join(music, 'tracks.csv'), '--data', data])).code).toBe(0);
  }, 120_000);

  afterAll(() => Promise.all([music, data].map(removeFolder)));

  it('finds those that meet the filter, in the order of all', async () => {
    const all = (await similar('1', '-k', '20')).results;
    expect(all).toHaveLength(7);
    expect(all.every(({ tempo, seconds }) => tempo > 30 && tempo < 320 && seconds > 1)).toBe(true);
    const middle = [...all].sort((a, b) => a.tempo - b.tempo)[3]!.tempo;
    const cases: [string[], (track: Found) => boolean][] = [
      [['--genre', 'rock'], ({ genre }) => genre === 'Rock'],
      [['--genre', 'Rock', '--genre', 'Folk'], () => true],
      [['--other-artists'], ({ artist }) => artist !== 'Artist 0'],
      [['--tempo', `0-${middle}`], ({ tempo }) => tempo <= middle],
      [['--duration', '0-1'], () => false],
      [
        ['--genre', 'Folk', '--other-artists', '--duration', '20-40'],
        ({ genre, artist, seconds }) =>
          genre === 'Folk' && artist !== 'Artist 0' && seconds >= 20 && seconds <= 40,
      ],
    ];
    for (const [place, [args, meets]] of cases.entries()) {
      const method = (['exact', 'lsh', 'tree'] as const)[place % 3]!;
      const { results } = await similar('1', '-k', '20', '--method', method, ...args);
      expect(results, args.join(' ')).toEqual(all.filter(meets));
    }
  });

  it('takes ids and files together, in any order, and leaves tracks of the collection out', async () => {
    const there = await similar('2', '5', '-k', '20');
    expect(there.queries).toEqual(['2', '5']);
    expect(there.results.map(({ id }) => id).sort()).toEqual(
      ['000001', '000003', '000004', '000006', '000007', '000008'].sort(),
    );
    expect((await similar('5', '2', '-k', '20')).results).toEqual(there.results);
    const distances = new Map(
      await Promise.all(
        ['2', '5'].map(async (id) => {
          const { results } = await similar(id, '-k', '20');
          return [id, new Map(results.map((track) => [track.id, track.distance]))] as const;
        }),
      ),
    );
    for (const { id, distance } of there.results) {
      const squares = ['2', '5'].map((seed) => distances.get(seed)!.get(id)! ** 2);
      expect(distance).toBeCloseTo(Math.sqrt((squares[0]! + squares[1]!) / 2), 5);
    }
    const first = (await readdir(music)).filter((name) => name.endsWith('.mp3')).sort()[0]!;
    const withFile = await similar('2', join(music, first), '-k', '20');
    const withId = await similar('2', '1', '-k', '20');
    expect(withFile.results.filter(({ id }) => id !== '000001')).toEqual(withId.results);
  });

  it('refuses a genre that no track has, and what is no range', async () => {
    const unknown = await cli(['similar', '1', '--genre', 'Polka', '--data', data]);
    expect(unknown.stderr).toMatch(/"Polka".*Folk, Rock.*GENRE_UNKNOWN/);
    expect(unknown.code).toBe(2);
    const range = await cli(['similar', '1', '--tempo', '120-90', '--data', data]);
    expect(range.stderr).toMatch(/tempo.*smaller to the larger/);
    expect(range.code).toBe(2);
  });
});
