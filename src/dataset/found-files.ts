import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { sha256 } from '../sha256.ts';
import { fmaTrackId } from './fma.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import type { TrackMetadata } from './track.ts';

/** Endings of audio files, in lower case. */
const AUDIO_ENDINGS = (
  '.mp3 .ogg .oga .opus .flac .wav .w64 .rf64 .bw64 .aif .aiff .aifc .m4a .mp4 .aac ' +
  // ffmpeg alone decodes these. Without it they are failures that say so: better than to be passed over.
  '.wma .ape .wv .mpc .tta .dsf .dff .ac3 .mka .webm .amr .spx'
).split(' ');

/** The endings as a message lists them. */
export const KNOWN_ENDINGS = AUDIO_ENDINGS.join(' ');

export function hasAudioEnding(path: string): boolean {
  return AUDIO_ENDINGS.includes(extname(path).toLowerCase());
}

/** More than the four threads that Node reads files with, so that these never wait for the loop. */
const CONCURRENT_STATS = 32;

/** An audio file of a source. */
export interface FoundFile {
  id: string;
  /** As in `Track`. */
  path: string;
  bytes: number;
  /** Time of the last change, in whole milliseconds since 1970. */
  modified: number;
  /** What a row of the source or of the metadata file says; null where there is none. */
  metadata: TrackMetadata | null;
}

export interface FoundFiles {
  root: string;
  files: FoundFile[];
  /** sha256 of the rows that name the files; empty for a folder, whose listing is all there is. */
  contentDigest: string;
}

/**
 * The id of a file that no row gives an id: the number of an FMA tree's file, else the first 12 hex digits of
 * sha256 over the path.
 *
 * @param path Below the source, with `/`.
 */
function idOfPath(path: string): string {
  return fmaTrackId(path) ?? sha256(path.normalize('NFC')).slice(0, 12);
}

/** The name of a file without its ending, composed: some file systems keep accents apart from their letters. */
export function fileStem(path: string): string {
  return basename(path, extname(path)).normalize('NFC');
}

/**
 * Looks the named files up. A file that is there but cannot be read is none the less found: it becomes a
 * failure when its turn comes.
 *
 * @param paths Absolute, or below `root`.
 * @returns In the order of `paths`; null where there is no file of that name.
 */
export async function lookUpFiles(root: string, paths: readonly string[]): Promise<(FoundFile | null)[]> {
  const found: (FoundFile | null)[] = new Array(paths.length).fill(null);
  await forEachConcurrently([...paths.keys()], CONCURRENT_STATS, async (position) => {
    const path = paths[position];
    const size = await sizeOf(resolve(root, path));
    if (size) found[position] = { id: idOfPath(path), path, ...size, metadata: null };
  });
  return found;
}

async function sizeOf(file: string): Promise<Pick<FoundFile, 'bytes' | 'modified'> | null> {
  try {
    const stats = await stat(file);
    return stats.isFile() ? { bytes: stats.size, modified: Math.floor(stats.mtimeMs) } : null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG'
      ? null
      : { bytes: 0, modified: 0 };
  }
}
