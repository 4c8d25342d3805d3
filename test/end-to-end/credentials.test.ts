import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isPassword } from '../../src/credentials/password.ts';
import { send } from '../dashboard/http.ts';
import { cli, startCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { sineWav } from '../support/wav.ts';

const PASSWORD = 'correct horse battery';

describe('the command line and credentials', { timeout: 60_000 }, () => {
  it.each(['dashboard', 'run'])('%s opens nothing to others without them', async (command) => {
    const folder = await temporaryFolder();
    const music = join(folder, 'music.wav');
    await writeFile(music, sineWav(1, 440));
    const data = join(folder, 'data');
    const args = command === 'run' ? ['run', folder, '--serve'] : ['dashboard'];
    const finished = await cli([...args, '--data', data], { HOST: '0.0.0.0' });
    expect(finished.stderr).toMatch(
      /^soundalike: HOST is 0\.0\.0\.0.*soundalike password.*\[CREDENTIALS_NEEDED\]\n$/,
    );
    expect(finished.code).toBe(2);
    await expect(readdir(data)).rejects.toThrow('ENOENT');
  });

  it('password hashes what it reads, and takes no short one', async () => {
    const { stdout, code } = await cli(['password'], {}, `${PASSWORD}\n`);
    expect(code).toBe(0);
    expect(await isPassword(PASSWORD, stdout.trim())).toBe(true);
    const short = await cli(['password'], {}, 'short\n');
    expect(short).toMatchObject({ code: 2, stdout: '' });
    expect(short.stderr).toContain('12 to 200 characters');
  });

  it('token makes what the dashboard takes', async () => {
    const made = JSON.parse((await cli(['token', 'robot', '--json'])).stdout);
    expect(made.token).toMatch(/^[\w-]{43}$/);
    expect((await cli(['token', 'robot'])).stdout).not.toContain(made.token);
    expect((await cli(['token', 'two words'])).code).toBe(2);

    const settings = { HOST: '0.0.0.0', PORT: '0', API_TOKENS: made.setting };
    const started = startCli(['dashboard', '--data', await temporaryFolder()], settings);
    const [, port] = await started.saw(/dashboard: http:\/\/0\.0\.0\.0:(\d+)/);
    const address = `http://127.0.0.1:${port}`;
    const without = await send(address, '/api/runs');
    const headers = { Authorization: `Bearer ${made.token}` };
    const withToken = await send(address, '/api/runs', { headers });
    started.child.kill('SIGTERM');
    expect((await started.finished).code).toBe(0);
    expect([without.status, withToken.status]).toEqual([401, 200]);
    expect(withToken.json()).toEqual({ runs: [] });
  });
});
