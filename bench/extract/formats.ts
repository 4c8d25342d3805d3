import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { measureStages, type StageTimes } from './stages.ts';

const run = promisify(execFile);

/** By the file's ending: how ffmpeg is to encode. */
const ENCODERS: Record<string, string[]> = {
  mp3: ['-c:a', 'libmp3lame', '-b:a', '256k'],
  ogg: ['-c:a', 'libvorbis', '-q:a', '6'],
  flac: ['-c:a', 'flac', '-sample_fmt', 's16'],
  wav: ['-c:a', 'pcm_s16le'],
  m4a: ['-c:a', 'aac', '-b:a', '192k'],
  opus: ['-c:a', 'libopus', '-b:a', '128k'],
};

/** The stages of the same clips in every format, made with ffmpeg. */
export async function measureFormats(files: string[], rounds: number): Promise<Record<string, StageTimes>> {
  const folder = await mkdtemp(join(tmpdir(), 'soundalike-formats-'));
  try {
    const results: Record<string, StageTimes> = {};
    for (const [format, encoder] of Object.entries(ENCODERS)) {
      const encoded = files.map((file) => join(folder, `${basename(file)}.${format}`));
      for (const [i, file] of files.entries()) {
        await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, '-map', '0:a:0', ...encoder, encoded[i]]);
      }
      results[format] = await measureStages(encoded, rounds, 'default', false);
    }
    return results;
  } finally {
    await rm(folder, { recursive: true });
  }
}
