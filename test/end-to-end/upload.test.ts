import { execFile, execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RawAnswer, send } from '../dashboard/http.ts';
import { type Started, startCli } from '../support/cli.ts';
import { removeFolder, suiteFolder } from '../support/temporary.ts';
import { sineWav } from '../support/wav.ts';

const run = promisify(execFile);

/** Files from strangers, sent to a dashboard as it is installed. */
describe('uploads', { timeout: 60_000 }, () => {
  let folder: string;
  let started: Started;
  let address: string;

  beforeAll(async () => {
    folder = await suiteFolder();
    await mkdir(join(folder, 'music'));
    for (const [place, hertz] of [220, 440, 880, 1760].entries()) {
      await writeFile(join(folder, 'music', `${place}.wav`), sineWav(6, hertz));
    }
    started = startCli(['run', join(folder, 'music'), '--serve', '--port', '0', '--concurrency', '1'], {
      DATA_DIR: join(folder, 'data'),
      PRESET: 'minimal',
      UPLOADS_PER_MINUTE: '1000',
      UPLOAD_MAX_MEGABYTES: '2',
      UPLOAD_MAX_SECONDS: '120',
    });
    [, address = ''] = await started.saw(/dashboard: (http:\/\/\S+)/);
    await started.saw(/is done/);
  }, 120_000);

  afterAll(async () => {
    started?.child.kill('SIGTERM');
    await started?.finished;
    if (folder) await removeFolder(folder);
  });

  const upload = (body: Buffer): Promise<RawAnswer> =>
    send(address, '/api/similar', { method: 'POST', body, headers: { 'Content-Type': 'audio/mpeg' } });

  const received = () => readdir(join(folder, 'data/uploads/received'));

  /** Processes that analyse uploads; the run's own has ended with it. */
  const analysers = () => {
    const processes = execFileSync('ps', ['-eo', 'ppid,args'], { encoding: 'utf8' });
    return processes.split('\n').filter((line) => {
      const [parent] = line.trim().split(' ');
      return parent === String(started.child.pid) && line.includes('analyser-child');
    });
  };

  it('finds the track that a file is, first', async () => {
    const answer = await upload(sineWav(6, 880));
    expect(answer.status).toBe(200);
    const { results, seconds, token } = answer.json();
    expect([results[0].path, results[0].distance, seconds, token]).toEqual(['2.wav', 0, 6, null]);
    expect(results).toHaveLength(4);
    expect(await received()).toEqual([]);
  });

  it.each([
    ['nothing', 'AUDIO_EMPTY', async () => Buffer.alloc(0)],
    ['a text', 'AUDIO_UNKNOWN_FORMAT', async () => Buffer.from('<script>alert(1)</script>\n'.repeat(999))],
    ['a picture', 'AUDIO_UNKNOWN_FORMAT', () => readFile('src/dashboard/public/assets/mark.svg')],
    ['a truncated file', 'AUDIO_TOO_SHORT', async () => sineWav(6, 220).subarray(0, 40_000)],
    ['a moment', 'AUDIO_TOO_SHORT', async () => sineWav(0.05, 220)],
    ['silence', 'AUDIO_SILENT', async () => sineWav(6, 0)],
    ['an hour in a few bytes', 'AUDIO_TOO_LONG', silentFlac],
    ['a tag that claims 256 MB', 'AUDIO_WITHOUT_FRAMES', async () => hugeTag()],
    ['a header of 65,535 channels', 'AUDIO_WITHOUT_FRAMES', async () => manyChannels()],
    ['more than the limit', 'UPLOAD_TOO_LARGE', async () => Buffer.alloc(2_000_001)],
  ])('refuses %s: %s', async (_name, code, make) => {
    const answer = await upload(await make());
    expect(answer.json().error.code).toBe(code);
    expect([413, 422]).toContain(answer.status);
    expect(await received()).toEqual([]);
    expect((await send(address, '/api/health')).status).toBe(200);
    await vi.waitFor(() => expect(analysers()).toEqual([]), 5_000);
  });

  it('ends the analysis of a client that went away', async () => {
    const { hostname, port } = new URL(address);
    const client = request({ hostname, port, path: '/api/similar', method: 'POST' }).on('error', () => {});
    client.end(sineWav(115, 300));
    await vi.waitFor(() => expect(analysers()).toHaveLength(1), { timeout: 10_000, interval: 5 });
    client.destroy();
    await vi.waitFor(async () => expect([analysers(), await received()]).toEqual([[], []]), 10_000);
  });

  /** An hour of digital silence; a pipe leaves its length out of the header. */
  async function silentFlac(): Promise<Buffer> {
    const source = ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', '3600'];
    const options = { encoding: 'buffer' as const, maxBuffer: 2e6 };
    return (await run('ffmpeg', ['-v', 'error', ...source, '-f', 'flac', 'pipe:1'], options)).stdout;
  }

  /** ID3v2.4 with the largest size that its four bytes of seven bits hold. */
  function hugeTag(): Buffer {
    return Buffer.concat([Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f', 'latin1'), Buffer.alloc(1000)]);
  }

  function manyChannels(): Buffer {
    const wav = sineWav(6, 220);
    wav.writeUInt16LE(65_535, 22);
    wav.writeUInt16LE(131_070 % 65_536, 32);
    return wav;
  }
});
