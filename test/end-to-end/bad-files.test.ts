import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { realClips } from '../support/real-clips.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A WAV header that promises `bytes` of 16-bit mono audio at 8 kHz, and the audio itself: silence. */
function silentWav(bytes: number): Buffer {
  const header = Buffer.from(
    'RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data....',
    'latin1',
  );
  header.writeUInt32LE(36 + bytes, 4);
  header.writeUInt32LE(bytes, 40);
  return Buffer.concat([header, Buffer.alloc(bytes)]);
}

describe('bad files', { timeout: 120_000 }, () => {
  it('become failure rows, and the run ends with code 3', async () => {
    const clips = await realClips();
    const [first, second] = (await readdir(clips)).filter((name) => name.endsWith('.mp3')).sort();
    const good = await readFile(join(clips, first!));
    const other = await readFile(join(clips, second!));
    const folder = await temporaryFolder();
    const files: Record<string, Uint8Array> = {
      'good.mp3': good,
      'cut in half.mp3': other.subarray(0, other.length / 2),
      'cut to a second.mp3': good.subarray(0, good.length / 30),
      'empty.mp3': Buffer.alloc(0),
      'frameless.mp3': Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\x02\x01', 'latin1'), Buffer.alloc(257)]),
      'junk.mp3': Buffer.from('This is no music. '.repeat(2_000)),
      'silence.wav': silentWav(160_000),
    };
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);

    const data = await temporaryFolder();
    const { code, stdout, stderr } = await cli(['run', folder, '--data', data, '--json']);
    expect(code).toBe(3);
    const { run, state, tracks, failures } = JSON.parse(stdout);
    expect(state).toBe('done');
    expect(tracks).toEqual({ planned: 7, analysed: 2, failed: 5, truncated: 1 });
    const codes = Object.fromEntries(
      failures.flatMap(({ code, samples }: { code: string; samples: { path: string }[] }) =>
        samples.map(({ path }) => [path, code]),
      ),
    );
    expect(codes).toEqual({
      'cut to a second.mp3': 'AUDIO_TOO_SHORT',
      'empty.mp3': 'AUDIO_EMPTY',
      'frameless.mp3': 'AUDIO_WITHOUT_FRAMES',
      'junk.mp3': 'AUDIO_UNKNOWN_FORMAT',
      'silence.wav': 'AUDIO_SILENT',
    });
    expect(stderr).toMatch(/2 tracks analysed, 5 failed/);
    const rows = (await readFile(join(data, 'runs', run, 'failures.jsonl'), 'utf8')).trim().split('\n');
    expect(rows.map((row) => JSON.parse(row).code).sort()).toEqual(Object.values(codes).sort());
  });
});
