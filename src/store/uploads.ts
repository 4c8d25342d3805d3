import { chmod, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashing, READ_BYTES, withFile } from '../audio/byte-source.ts';
import { type AudioFormat, detectFormat } from '../audio/format.ts';
import { hashSecret, newSecret } from '../credentials/token.ts';
import { SoundalikeError } from '../errors.ts';
import { hasCode, moveIntoPlace } from './atomic-file.ts';
import { namesIn } from './names-in.ts';
import { uploadPaths } from './paths.ts';

/** How long an upload lies there for somebody to keep it. Longer than one is received, waits and is analysed. */
export const UPLOAD_LIFETIME_MS = 600_000;

/** The ending that a kept file gets: by its content, since the sender's name for it is nowhere. */
const ENDINGS: Record<AudioFormat, string> = {
  wav: '.wav',
  aiff: '.aiff',
  flac: '.flac',
  'ogg-vorbis': '.ogg',
  'ogg-opus': '.opus',
  'ogg-flac': '.oga',
  mp4: '.m4a',
  mp3: '.mp3',
  aac: '.aac',
};

export interface Upload {
  /** Where its bytes go, absolute; the file is there and empty. */
  file: string;
  /** Who has it may keep the upload. */
  token: string;
}

export interface KeptUpload {
  /** `<sha256>.<ending by the content>` */
  name: string;
  bytes: number;
  /** ISO 8601. */
  keptAt: string;
}

/** Files that visitors send. All processes with this data folder see the same ones. */
export interface UploadStore {
  /** The folder of those that are kept, absolute. */
  keptFolder: string;
  create(): Promise<Upload>;
  remove(upload: Upload): Promise<void>;
  /** @throws SoundalikeError UPLOAD_NOT_FOUND, AUDIO_UNKNOWN_FORMAT */
  keep(token: string): Promise<KeptUpload>;
  /** The newest first. */
  listKept(): Promise<KeptUpload[]>;
  /** Removes what nobody kept, and what a process that ended has left, once it is `UPLOAD_LIFETIME_MS` old. */
  sweep(): Promise<void>;
}

export function openUploads(dataDir: string): UploadStore {
  const { received, kept } = uploadPaths(dataDir);
  const fileOf = (token: string) => join(received, hashSecret(token));

  async function describeKept(name: string): Promise<KeptUpload> {
    const { size, mtime } = await stat(join(kept, name));
    return { name, bytes: size, keptAt: mtime.toISOString() };
  }

  return {
    keptFolder: kept,

    async create() {
      await mkdir(received, { recursive: true, mode: 0o700 });
      const token = newSecret();
      const file = fileOf(token);
      await (await open(file, 'wx', 0o600)).close();
      return { file, token };
    },

    remove: ({ file }) => rm(file, { force: true }),

    async keep(token) {
      const file = fileOf(token);
      const name = await nameByContent(file).catch((error) => {
        if (!hasCode(error, 'ENOENT')) throw error;
        throw new SoundalikeError(
          'UPLOAD_NOT_FOUND',
          'this upload is not there any more: send the file again',
        );
      });
      await mkdir(kept, { recursive: true });
      // As the other files of the data folder: a worker may run as another user.
      await chmod(file, 0o644);
      await moveIntoPlace(file, join(kept, name));
      return describeKept(name);
    },

    async listKept() {
      const names = (await namesIn(kept)).filter((name) => /^[\da-f]{64}\.\w+$/.test(name));
      const found = await Promise.all(names.map(describeKept));
      return found.sort((a, b) => b.keptAt.localeCompare(a.keptAt) || a.name.localeCompare(b.name));
    },

    async sweep() {
      for (const name of await namesIn(received)) {
        const file = join(received, name);
        // Another process may have swept, too.
        const modified = await stat(file).then(
          ({ mtimeMs }) => mtimeMs,
          () => Number.POSITIVE_INFINITY,
        );
        if (Date.now() - modified > UPLOAD_LIFETIME_MS) await rm(file, { force: true });
      }
    },
  };
}

async function nameByContent(file: string): Promise<string> {
  return withFile(file, async (bytes) => {
    const source = hashing(bytes);
    const format = detectFormat(await source.read(0, READ_BYTES));
    if (format) return (await source.sha256()) + ENDINGS[format];
    throw new SoundalikeError('AUDIO_UNKNOWN_FORMAT', 'the file is of no audio format that can be kept');
  });
}
