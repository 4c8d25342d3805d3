import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeWithFfmpeg } from '../../src/workers/ffmpeg.ts';
import { ffmpegVersion, requireFfmpeg } from '../../src/workers/ffmpeg-version.ts';
import { decodeWhole } from '../audio/whole.ts';

const LIMITS = { maximumSeconds: 60 };
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soundalike-ffmpeg-'));
});
afterAll(() => rm(folder, { recursive: true }));

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/audio/${name}`, import.meta.url));
}

async function decodeByFfmpeg(file: string, limits = LIMITS) {
  const blocks: Float32Array[][] = [];
  const decoded = await decodeWithFfmpeg(file, limits, (channels) => blocks.push(channels));
  const channels = blocks[0].map((_, c) => Float32Array.from(blocks.flatMap((block) => [...block[c]])));
  return { decoded, channels };
}

async function codeOf(file: string, maximumSeconds = 60): Promise<string | null> {
  return decodeWithFfmpeg(file, { maximumSeconds }, () => {}).then(
    () => null,
    (error) => error.code,
  );
}

describe('ffmpeg as decoder', () => {
  test.each([
    'formats/pcm_24.w64',
    'formats/float.aiff',
    'formats/pcm_u8.wav',
    'burst.flac',
    'burst.mp3',
    'tone.m4a',
    'formats/ms_adpcm.wav',
  ])('gives the samples that our own decoders give of %s', async (name) => {
    const file = fixture(name);
    const { decoded, channels } = await decodeByFfmpeg(file);
    const own = await decodeWhole(new Uint8Array(await readFile(file)), LIMITS);
    expect(decoded).toMatchObject({
      sampleRate: own.sampleRate,
      channels: own.channels.length,
      truncated: false,
    });
    expect(decoded.seconds).toBe(channels[0].length / own.sampleRate);
    // ffmpeg 5 leaves the padding at the end of MP4 files.
    expect(channels[0].length).toBeGreaterThanOrEqual(own.channels[0].length);
    // Of MP3 our own decoder gives the mean of the channels in place of each.
    const mean = channels[0].map((x, i) => (x + channels[channels.length - 1][i]) / 2);
    const expected = name.endsWith('.mp3') ? channels.map(() => mean) : channels;
    own.channels.forEach((samples, c) => {
      const worst = samples.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[c][i])), 0);
      expect(worst).toBeLessThan(1e-3);
    });
  });

  test('takes any name as a name', async () => {
    for (const name of [
      '-i.flac',
      '$(touch x) "quoted" \'.flac',
      'http:--host-a.flac',
      'pipe:0',
      'a\nb%03d.flac',
    ]) {
      const file = join(folder, name);
      await copyFile(fixture('tone.flac'), file);
      expect((await decodeByFfmpeg(file)).decoded).toMatchObject({ sampleRate: 8000, seconds: 7 });
    }
  });

  test('reaches no address that a file names', async () => {
    const list = join(folder, 'list.m3u8');
    await writeFile(
      list,
      '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n',
    );
    expect(await codeOf(list)).toBe('AUDIO_WITHOUT_FRAMES');
  });

  test('marks what is damaged, and refuses what is no audio', async () => {
    const whole = await readFile(fixture('burst.flac'));
    const broken = join(folder, 'broken.flac');
    await writeFile(
      broken,
      whole.map((byte, i) => (i > 84_000 && i < 84_100 ? 0 : byte)),
    );
    expect((await decodeByFfmpeg(broken)).decoded.truncated).toBe(true);
    await writeFile(broken, whole.subarray(0, 40_000));
    expect(await codeOf(broken)).toBe('AUDIO_TOO_SHORT');
    await writeFile(broken, whole.subarray(0, 50));
    expect(await codeOf(broken)).toBe('AUDIO_WITHOUT_FRAMES');
    await writeFile(broken, 'no audio at all');
    expect(await codeOf(broken)).toBe('AUDIO_WITHOUT_FRAMES');
    await writeFile(broken, '');
    expect(await codeOf(broken)).toBe('AUDIO_EMPTY');
    expect(await codeOf(join(folder, 'absent.flac'))).toBe('AUDIO_UNREADABLE');
  });

  test('ends early where the audio is too long', async () => {
    expect(await codeOf(fixture('tone.flac'), 6)).toBe('AUDIO_TOO_LONG');
  });

  test('must be of the version asked for', async () => {
    const version = await ffmpegVersion();
    await expect(requireFfmpeg(version)).resolves.toBeUndefined();
    await expect(requireFfmpeg('0.1')).rejects.toMatchObject({ code: 'DECODER_UNUSABLE' });
  });

  test('is missed by its name', async () => {
    const { PATH } = process.env;
    process.env.PATH = folder;
    try {
      await expect(ffmpegVersion()).rejects.toMatchObject({ code: 'DECODER_UNUSABLE' });
      expect(await codeOf(fixture('tone.flac'))).toBe('DECODER_UNUSABLE');
    } finally {
      process.env.PATH = PATH;
    }
  });
});
