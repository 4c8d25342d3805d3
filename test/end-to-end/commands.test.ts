import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openQueues } from '../../src/jobs/queues.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { cli, startCli } from '../support/cli.ts';
import { startMongo } from '../support/mongodb.ts';
import { realClips } from '../support/real-clips.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { sineWav } from '../support/wav.ts';

/** The first clips of real music, copied so that a test may do with them what it likes. */
async function copyClips(count: number, folder: string): Promise<string[]> {
  const clips = await realClips();
  const names = (await readdir(clips)).filter((name) => name.endsWith('.mp3')).sort();
  for (const name of names.slice(0, count)) await cp(join(clips, name), join(folder, name));
  return names.slice(0, count);
}

async function query(sql: string) {
  const connection = await (await DuckDBInstance.create()).connect();
  return (await connection.runAndReadAll(sql)).getRowObjects();
}

describe('the command line', { timeout: 120_000 }, () => {
  it('has ffmpeg decode what no decoder of its own reads', async () => {
    const [music, data] = [await temporaryFolder(), await temporaryFolder()];
    const [name] = await copyClips(2, music);
    const windowsMedia = join(music, 'other.wma');
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', join(music, name!), windowsMedia]);

    const without = await cli(['run', music, '--data', data, '--preset', 'minimal', '--json']);
    expect(without.code).toBe(3);
    expect(JSON.parse(without.stdout).failures).toMatchObject([{ code: 'AUDIO_UNKNOWN_FORMAT', count: 1 }]);

    const flags = ['--data', data, '--decoder', 'ffmpeg', '--preset', 'minimal'];
    const { code, stdout } = await cli(['run', music, ...flags, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).tracks).toMatchObject({ analysed: 3, failed: 0 });
    const similar = await cli(['similar', windowsMedia, '-k', '2', '--data', data, '--json']);
    const [itself, original] = JSON.parse(similar.stdout).results;
    expect(itself).toMatchObject({ path: 'other.wma', distance: 0 });
    expect(original.path).toBe(name);

    const evaluated = await cli(['evaluate', '--data', data, '--json']);
    expect(JSON.parse(evaluated.stdout).segments).toMatchObject([
      {
        tracks: 3,
        clusters: { clusters: 1, squaredSilhouette: 0 },
        search: { recall: { tree: { mean: 1 } } },
      },
    ]);
    const table = await cli(['evaluate', '--clusters', '--data', data]);
    expect(table.stdout).toMatch(/silhouette, Euclidean +0\.0000 ± 0\.0000 \(3 tracks\)/);
    expect(table.stdout).not.toContain('recall');
  });

  it('analyses only what is new in a collection that grew', async () => {
    const [music, data] = [await temporaryFolder(), await temporaryFolder()];
    await copyClips(3, music);
    const first = JSON.parse((await cli(['run', music, '--data', data, '--json'])).stdout);
    await copyClips(4, music);
    const second = JSON.parse((await cli(['run', music, '--data', data, '--json'])).stdout);
    expect(second.run).not.toBe(first.run);
    expect(second.tracks).toMatchObject({ planned: 4, analysed: 4 });

    const embedded = await openEmbedded(data);
    const queues = await openQueues(readConfig({}), embedded.database, (error) => {
      throw error;
    });
    const jobs = await queues.stages.extract.getJobs(['completed']);
    await queues.close();
    await embedded.close();
    const analysed = (run: string) =>
      jobs.filter((job) => job.data.run === run).reduce((sum, job) => sum + job.returnvalue.analysed, 0);
    expect(analysed(first.run)).toBe(3);
    expect(analysed(second.run)).toBe(1);

    // What was carried over is what an analysis would have given.
    const fresh = await temporaryFolder();
    await cli(['run', music, '--data', fresh]);
    expect(await readFile(join(fresh, 'CURRENT'), 'utf8')).toBe(
      await readFile(join(data, 'CURRENT'), 'utf8'),
    );
  });

  it('makes an earlier collection the live one again when it is run again', async () => {
    const [one, two, data] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    await copyClips(2, one);
    await copyClips(3, two);
    const current = () => readFile(join(data, 'CURRENT'), 'utf8');
    await cli(['run', one, '--data', data]);
    const ofOne = await current();
    await cli(['run', two, '--data', data]);
    expect(await current()).not.toBe(ofOne);
    await cli(['run', one, '--data', data]);
    expect(await current()).toBe(ofOne);
  });

  it('adds a run to the index, removes tracks, tunes and merges', async () => {
    const [one, two, data] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    const [first] = await copyClips(2, one);
    const names = await copyClips(4, two);
    for (const name of names.slice(0, 2)) await rm(join(two, name));
    const json = async (...args: string[]) => {
      const { stdout, stderr, code } = await cli([...args, '--data', data, '--json']);
      expect(stderr.match(/\[[A-Z_]+\]/)).toBeNull();
      expect(code).toBe(0);
      return JSON.parse(stdout);
    };
    const { run } = await json('run', two, '--preset', 'minimal');
    await json('run', one, '--preset', 'minimal');
    expect(await json('index', 'add', run)).toMatchObject({ added: 2, replaced: 0 });
    const listed = await json('index', 'list');
    expect(listed.segments.map(({ tracks }: { tracks: number }) => tracks)).toEqual([2, 2]);
    const similar = await json('similar', join(two, names[3]!));
    expect(similar.results[0]).toMatchObject({ path: names[3], distance: 0 });
    expect(similar.results).toHaveLength(4);

    await rm(join(one, first!));
    expect((await json('index', 'remove', '--missing')).tracks).toHaveLength(1);
    expect((await json('tune', '--recall', '0.9', '-k', '2')).segments).toHaveLength(2);
    const table = (await cli(['index', 'list', '--data', data])).stdout;
    expect(table).toMatch(/^segment +tracks +deleted +lsh +tree +runs\n/);
    expect(table).toContain('recall@2');
    expect((await json('index', 'merge')).tracks).toBe(3);
    expect((await json('similar', join(two, names[3]!))).results).toHaveLength(3);

    expect((await cli(['index', 'remove', '--data', data])).code).toBe(2);
    expect((await cli(['index', 'remove', 'nobody', '--data', data])).stderr).toContain('[TRACK_NOT_FOUND]');
    expect((await cli(['index', 'unknown', '--data', data])).code).toBe(2);
  });

  it('waits for a source that is not mounted yet, and makes no failures of its files', async () => {
    const [parent, data] = [await temporaryFolder(), await temporaryFolder()];
    const music = join(parent, 'music');
    await mkdir(music);
    await copyClips(2, music);
    const run = (await cli(['enqueue', music, '--data', data])).stdout.trim();
    await rename(music, join(parent, 'unmounted'));
    await mkdir(music);
    const worker = startCli(['worker', '--data', data]);
    await worker.saw(/takes jobs/);
    await setTimeout(3_000);
    await rmdir(music);
    await rename(join(parent, 'unmounted'), music);
    const { stdout } = await cli(['status', run, '--watch', '--json', '--data', data]);
    expect(JSON.parse(stdout).tracks).toMatchObject({ analysed: 2, failed: 0 });
    worker.child.kill('SIGTERM');
    expect((await worker.finished).code).toBe(0);
  });

  it('takes a CSV with a path column, its metadata and a sample, and exports one table', async () => {
    const [music, data] = [await temporaryFolder(), await temporaryFolder()];
    const names = await copyClips(4, music);
    const rows = names.map((name, i) => `${i + 1},${name},"Title, ${i}",${i % 2 ? 'Rock' : 'Folk'}`);
    await writeFile(join(music, 'tracks.csv'), ['id,path,title,genre', ...rows, ''].join('\n'));
    const args = ['run', join(music, 'tracks.csv'), '--sample', '2', '--data', data, '--json'];
    const { tracks, cleaning } = JSON.parse((await cli(args)).stdout);
    expect(tracks).toMatchObject({ planned: 2, analysed: 2 });
    expect(cleaning).toMatchObject({ rows: 4, matched: 4, sampled: 2 });

    const out = join(data, 'table.parquet');
    expect((await cli(['export', '--format', 'parquet', '--out', out, '--data', data])).code).toBe(0);
    const exported = await query(
      `SELECT id, title, genre, len(mfcc_mean) AS bands FROM '${out}' ORDER BY id`,
    );
    expect(exported.map(({ genre }) => genre).sort()).toEqual(['Folk', 'Rock']);
    expect(exported.every(({ bands }) => Number(bands) === 20)).toBe(true);
    const csv = (await cli(['export', '--format', 'csv', '--data', data])).stdout;
    await writeFile(join(data, 'table.csv'), csv);
    const [counted] = await query(`SELECT count(*) AS rows, min(id) AS id FROM '${join(data, 'table.csv')}'`);
    expect(Number(counted!.rows)).toBe(2);
    const byId = await cli(['similar', String(Number(exported[0]!.id)), '--data', data, '--json']);
    expect(JSON.parse(byId.stdout).results.map(({ id }: { id: string }) => id)).toEqual([exported[1]!.id]);
  });

  it('lists the tracks that are one recording, copied or encoded anew', async () => {
    const [music, elsewhere, data] = [
      await temporaryFolder(),
      await temporaryFolder(),
      await temporaryFolder(),
    ];
    const [first, second] = await copyClips(4, music);
    await cp(join(music, first!), join(elsewhere, 'other.mp3'));
    const { run } = JSON.parse((await cli(['run', elsewhere, '--data', data, '--json'])).stdout);
    await cp(join(music, first!), join(music, 'copy.mp3'));
    const encode = ['-v', 'error', '-i', join(music, first!), '-c:a', 'libmp3lame', '-b:a', '128k'];
    await promisify(execFile)('ffmpeg', ['-nostdin', ...encode, join(music, 'again.mp3')]);
    expect((await cli(['run', music, '--data', data])).code).toBe(0);

    const duplicates = async (...args: string[]) => {
      const { stdout, code } = await cli(['duplicates', '--data', data, '--json', ...args]);
      expect(code).toBe(0);
      return JSON.parse(stdout).groups as { path: string; distance: number }[][];
    };
    const [group, ...others] = await duplicates();
    expect(others).toEqual([]);
    expect(group!.map(({ path }) => path).sort()).toEqual(['again.mp3', 'copy.mp3', first].sort());
    const distances = Object.fromEntries(group!.map(({ path, distance }) => [path, distance]));
    expect(distances).toMatchObject({ 'copy.mp3': 0, [first!]: 0 });
    expect(distances['again.mp3']).toBeGreaterThan(0);

    const [equal, ...more] = await duplicates('--below', '0.000001');
    expect(more).toEqual([]);
    expect(equal!.map(({ path }) => path).sort()).toEqual(['copy.mp3', first].sort());

    const table = (await cli(['duplicates', '--data', data])).stdout;
    expect(table).toMatch(/^group +distance +id +title +artist +path\n1 /);
    expect(table).not.toContain(second);
    expect((await cli(['duplicates', '--data', data, '--below', '0'])).code).toBe(2);

    const withRun = await cli(['duplicates', '--with', run, '--data', data, '--json']);
    const { pairs } = JSON.parse(withRun.stdout) as {
      pairs: Record<'track' | 'indexed', { path: string }>[];
    };
    expect(pairs.every(({ track }) => track.path === 'other.mp3')).toBe(true);
    expect(pairs.map(({ indexed }) => indexed.path).sort()).toEqual(['again.mp3', 'copy.mp3', first].sort());
    const exactly = await cli(['duplicates', '--with', run, '--data', data, '--below', '0.000001']);
    expect(exactly.stdout).toMatch(
      /^pair +distance +of +id +title +artist +path\n1 +0\.000 +run .* other\.mp3\n/,
    );
    expect(exactly.stdout).not.toContain('again.mp3');
    const unknown = await cli(['duplicates', '--with', 'none', '--data', data]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('RUN_NOT_FOUND');
  });

  it('takes the documents of a MongoDB collection as its source', async () => {
    const [music, data, mongo] = [await temporaryFolder(), await temporaryFolder(), await startMongo()];
    try {
      const names = await copyClips(2, music);
      const client = await MongoClient.connect(mongo.url);
      const documents = names.map((path, i) => ({ path, title: `Track ${i}`, artist: 'Somebody' }));
      await client.db().collection('songs').insertMany(documents);
      await client.close();
      const source = `${mongo.url}/songs?root=${encodeURIComponent(music)}`;
      const finished = await cli(['run', source, '--data', data, '--json']);
      expect(finished.stderr).toContain('2 tracks analysed');
      const { run } = JSON.parse(finished.stdout);
      expect(run).toMatch(/^songs-/);
      const { tracks } = JSON.parse((await cli(['status', run, '--json', '--data', data])).stdout);
      expect(tracks.analysed).toBe(2);
    } finally {
      await mongo.stop();
    }
  });

  it('prints every frame or the statistics of raw samples, for comparing', async () => {
    const folder = await temporaryFolder();
    const samples = Float32Array.from(
      { length: 22_050 },
      (_, n) => Math.sin((2 * Math.PI * 440 * n) / 22_050) / 2,
    );
    await writeFile(join(folder, 'tone.f32'), new Uint8Array(samples.buffer));
    const { stdout, code } = await cli(['features', join(folder, 'tone.f32'), '--pcm', '--json']);
    expect(code).toBe(0);
    const { tone } = JSON.parse(stdout);
    expect(tone.mfcc).toHaveLength(1 + Math.floor(22_050 / 512));
    expect(tone.mfcc[0]).toHaveLength(20);
    expect(tone.spectral_centroid[20][0]).toBeCloseTo(440, -1);

    const clips = join(folder, 'clips');
    await mkdir(clips);
    await writeFile(join(clips, 'a.wav'), sineWav(2, 1_000, 22_050));
    await writeFile(join(clips, 'b.wav'), 'no music');
    await writeFile(join(clips, 'notes.txt'), 'passed over');
    const statistics = await cli(['features', clips, '--json', '--statistics']);
    expect(statistics.code).toBe(3);
    expect(statistics.stderr).toMatch(/b\.wav/);
    const parsed = JSON.parse(statistics.stdout);
    expect(Object.keys(parsed)).toEqual(['a']);
    expect(Object.keys(parsed.a.mfcc).sort()).toEqual([
      'kurtosis',
      'max',
      'mean',
      'median',
      'min',
      'skew',
      'std',
    ]);
    expect(parsed.a.chroma_stft.mean).toHaveLength(12);
  });

  it('examines the machine', async () => {
    const { stdout, code } = await cli(['doctor', '--json', '--data', await temporaryFolder()]);
    expect(code).toBe(0);
    const checks = JSON.parse(stdout).map(({ check, ok }: { check: string; ok: boolean }) => [check, ok]);
    expect(Object.fromEntries(checks)).toMatchObject({
      Node: true,
      'data folder': true,
      queue: true,
      documents: true,
    });
    const unreachable = await cli(['doctor', '--json'], {
      QUEUE_URL: 'redis://127.0.0.1:1',
      DATA_DIR: await temporaryFolder(),
    });
    expect(unreachable.code).toBe(1);
    expect(JSON.parse(unreachable.stdout).find(({ check }: { check: string }) => check === 'queue').ok).toBe(
      false,
    );
  });
});
