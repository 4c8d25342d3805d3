import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { hashSecret, newSecret } from '../../src/credentials/token.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { startDashboard } from './fakes.ts';
import { send } from './http.ts';

const run = promisify(execFile);

it('every curl command of docs/api.md works', async () => {
  const TOKEN = newSecret();
  const dashboard = await startDashboard(
    {},
    { ADMIN_PASSWORD: 'correct horse battery', API_TOKENS: `robot:${hashSecret(TOKEN)}` },
  );
  onTestFinished(() => dashboard.close());
  const folder = await temporaryFolder();
  const upload = await send(dashboard.address, '/api/similar', {
    method: 'POST',
    body: dashboard.wav,
    headers: { Authorization: `Bearer ${TOKEN}` },
  });
  const page = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const commands = page.match(/^curl .*$/gm)!;
  expect(commands.length).toBeGreaterThan(6);
  const answers: string[] = [];
  for (const command of commands) {
    const here = command.replace('http://127.0.0.1:3000', dashboard.address);
    const { stdout } = await run('bash', ['-c', `${here} --fail-with-body`], {
      cwd: folder,
      env: { ...process.env, TOKEN, UPLOAD: upload.json().token },
    });
    answers.push(stdout);
  }
  const [tracks, similar, audio, runs, login, session, logout, ...others] = answers;
  const [liked, recommended, cleared, made, lists, arrow, likeUpload, kept, uploads] = others;
  expect(JSON.parse(tracks!).tracks).toHaveLength(5);
  expect(JSON.parse(similar!).results).toHaveLength(5);
  expect(await readFile(`${folder}/part.wav`)).toEqual(dashboard.wav.subarray(0, 100));
  expect(JSON.parse(runs!)).toEqual({ runs: [] });
  expect([login, session, logout].map((answer) => JSON.parse(answer!).administrator)).toEqual([
    true,
    true,
    false,
  ]);
  expect(JSON.parse(lists!).playlists).toMatchObject([
    { id: JSON.parse(made!).id, name: 'Evening', length: 1 },
  ]);
  for (const answer of [liked, cleared]) expect(JSON.parse(answer!)).toEqual({ event: expect.any(String) });
  expect(JSON.parse(recommended!).liked).toEqual(['000002']);
  expect(JSON.parse(likeUpload!)).toMatchObject({ token: null, results: { length: 5 } });
  expect(JSON.parse(uploads!).uploads).toEqual([JSON.parse(kept!)]);
  expect([audio, arrow]).toEqual(['', '']);
  expect((await readFile(`${folder}/tracks.arrow`)).length).toBeGreaterThan(1_000);
});
