import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, startCli } from '../support/cli.ts';
import { freePort } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { sineWav } from '../support/wav.ts';

/** Each wrong input is one line that says what is wrong and what to do, the right exit code, and nothing written. */
describe('bad input', { timeout: 60_000 }, () => {
  async function refuses(args: string[], code: 1 | 2, message: RegExp, env: Record<string, string> = {}) {
    const dataDir = join(await temporaryFolder(), 'data');
    const finished = await cli([...args, '--data', dataDir], env);
    expect(finished.stderr).toMatch(message);
    expect(finished.stderr.trim().split('\n')).toHaveLength(1);
    expect(finished.stdout).toBe('');
    expect(finished.code).toBe(code);
    await expect(readdir(join(dataDir, 'runs'))).rejects.toThrow('ENOENT');
  }

  it('names a folder that is not there', () =>
    refuses(['run', '/no/such/folder'], 2, /\/no\/such\/folder.*SOURCE_NOT_FOUND/));

  it('names an empty folder', async () => {
    const folder = await temporaryFolder();
    await refuses(['run', folder], 2, /SOURCE_EMPTY/);
  });

  it('names a folder without audio, and the endings it looks for', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'notes.txt'), 'no music here');
    await refuses(['enqueue', folder], 2, /\.?mp3.*SOURCE_WITHOUT_AUDIO/);
  });

  it('names the columns that a CSV lacks', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'tracks.csv'), 'colour,shape\nred,round\n');
    await refuses(['run', join(folder, 'tracks.csv')], 2, /path.*METADATA_COLUMNS_MISSING/);
  });

  it('names metadata that is not there', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.wav'), sineWav(1, 440));
    await refuses(
      ['run', folder, '--metadata', join(folder, 'none.csv')],
      2,
      /none\.csv.*METADATA_NOT_FOUND/,
    );
  });

  it('names both files of one id', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, '000'));
    await writeFile(join(folder, '000', '000002.mp3'), 'x');
    await writeFile(join(folder, '000', '000002.wav'), 'x');
    await refuses(['run', folder], 2, /000002\.mp3.*000002\.wav.*TRACK_ID_DUPLICATE/);
  });

  it('names a Redis that does not answer, without its password', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.wav'), sineWav(1, 440));
    const QUEUE_URL = `redis://user:secret@127.0.0.1:${await freePort()}`;
    await refuses(['run', folder], 1, /^(?!.*secret).*QUEUE_UNREACHABLE/, { QUEUE_URL });
  });

  it('names a MongoDB that does not answer, without its password', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.wav'), sineWav(1, 440));
    const MONGODB_URL = `mongodb://user:secret@127.0.0.1:${await freePort()}/soundalike`;
    await refuses(['run', folder], 1, /^(?!.*secret).*MONGODB_UNREACHABLE/, { MONGODB_URL });
  });

  it('names every setting that cannot be used', () =>
    refuses(['runs'], 2, /PORT.*CONCURRENCY|CONCURRENCY.*PORT/, { PORT: 'web', CONCURRENCY: 'many' }));

  it('says that there is no index yet, and how to make one', () =>
    refuses(['similar', '2'], 1, /soundalike run.*INDEX_NOT_FOUND/));

  it('says that there is no such run', () =>
    refuses(['status', 'music-0123456789'], 1, /music-0123456789.*RUN_NOT_FOUND/));

  it('ends with code 2 on wrong usage', async () => {
    for (const args of [
      ['run'],
      ['similar', '2', '-k', 'ten'],
      ['export', '--format', 'xml'],
      ['fly'],
      ['runs', '--now'],
    ]) {
      const { code, stderr, stdout } = await cli(args);
      expect(code, args.join(' ')).toBe(2);
      expect(stderr).toMatch(/error:/);
      expect(stdout).toBe('');
    }
  });

  it('ends with code 0 on --help, with examples', async () => {
    for (const command of [
      'run',
      'enqueue',
      'worker',
      'dashboard',
      'runs',
      'status',
      'resume',
      'similar',
      'features',
      'export',
      'password',
      'token',
      'doctor',
    ]) {
      const { code, stdout } = await cli([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:/);
    }
  });

  it('keeps a second process off an embedded data folder, and names the way out', async () => {
    const folder = await temporaryFolder();
    const owner = startCli(['worker', '--data', folder]);
    await owner.saw(/takes jobs/);
    const second = await cli(['worker', '--data', folder]);
    expect(second.stderr).toMatch(/QUEUE_URL.*DATA_DIR_LOCKED/);
    expect(second.code).toBe(1);
    owner.child.kill('SIGTERM');
    expect((await owner.finished).code).toBe(0);
  });
});
