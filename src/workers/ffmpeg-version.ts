import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, SoundalikeError } from '../errors.ts';

/**
 * The version of the ffmpeg on the PATH, as `ffmpeg -version` names it, e.g. `5.1.9-0+deb12u1`. It belongs to the
 * feature version: other versions give other samples.
 *
 * @throws SoundalikeError DECODER_UNUSABLE where there is none.
 */
export async function ffmpegVersion(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('ffmpeg', ['-version']);
    const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1];
    if (version) return version;
    throw new Error('it does not name its version');
  } catch (error) {
    throw ffmpegUnusable(messageOf(error));
  }
}

/**
 * Makes sure that a run that was planned with some ffmpeg is decoded by the same.
 *
 * @throws SoundalikeError DECODER_UNUSABLE where the ffmpeg on the PATH is of another version, or there is none.
 */
export async function requireFfmpeg(version: string): Promise<void> {
  const found = await ffmpegVersion();
  if (found !== version) {
    throw new SoundalikeError(
      'DECODER_UNUSABLE',
      `the features are to be decoded by ffmpeg ${version}, this machine has ${found}: install the former, or ` +
        'run the collection again',
    );
  }
}

export function ffmpegUnusable(reason: string): SoundalikeError {
  return new SoundalikeError(
    'DECODER_UNUSABLE',
    `ffmpeg, the decoder chosen, cannot be used (${reason}): install it`,
  );
}
