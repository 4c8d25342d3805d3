import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SoundalikeError } from '../errors.ts';
import { tally } from './cleaning-report.ts';
import {
  type FoundFile,
  type FoundFiles,
  hasAudioEnding,
  KNOWN_ENDINGS,
  lookUpFiles,
} from './found-files.ts';
import type { CleaningReport } from './track.ts';

/** Bins, thumbnails and snapshots of file servers and desktops. */
const SYSTEM_FOLDERS = new Set([
  '@eaDir',
  '@Recycle',
  '@Recently-Snapshot',
  '#recycle',
  '#snapshot',
  '$RECYCLE.BIN',
  '__MACOSX',
]);
interface Folder {
  /** Below the root, with `/`; empty for the root. */
  path: string;
  hidden: boolean;
}

/**
 * The audio files of a folder, at any depth. Links are not followed: one that leads out of the folder is no
 * part of it, and one that stays within leads to a file that is found anyway.
 *
 * @param onFiles Called with the number of files found so far.
 * @throws SoundalikeError SOURCE_NOT_FOUND, SOURCE_EMPTY or SOURCE_WITHOUT_AUDIO.
 */
export async function findInFolder(
  root: string,
  report: CleaningReport,
  onFiles: (found: number) => void,
): Promise<FoundFiles> {
  const files: FoundFile[] = [];
  const pending: Folder[] = [{ path: '', hidden: false }];
  let entries = 0;
  for (let folder = pending.pop(); folder; folder = pending.pop()) {
    const audio: string[] = [];
    for (const entry of await readFolder(root, folder.path, report)) {
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      const hidden = folder.hidden || isHidden(entry.name);
      if (entry.isDirectory()) {
        pending.push({ path, hidden });
        continue;
      }
      entries++;
      if (entry.isSymbolicLink()) tally(report.dropped, 'link not followed');
      else if (entry.isFile() && hasAudioEnding(entry.name)) {
        if (hidden) tally(report.dropped, 'hidden file, or in a hidden folder');
        else audio.push(path);
      }
    }
    for (const file of await lookUpFiles(root, audio)) {
      if (file) files.push(file);
      else tally(report.dropped, 'name not UTF-8, or removed meanwhile');
    }
    onFiles(files.length);
  }
  if (entries === 0) {
    throw new SoundalikeError('SOURCE_EMPTY', `the folder ${root} is empty; name the folder of your music`);
  }
  if (files.length === 0) {
    const passedOver = Object.entries(report.dropped).map(([reason, count]) => `; ${count} × ${reason}`);
    throw new SoundalikeError(
      'SOURCE_WITHOUT_AUDIO',
      `the folder ${root} holds no audio file, at any depth; the endings known are ${KNOWN_ENDINGS}${passedOver.join('')}`,
    );
  }
  return { root, files, contentDigest: '' };
}

async function readFolder(root: string, path: string, report: CleaningReport): Promise<Dirent[]> {
  try {
    return await readdir(join(root, path), { withFileTypes: true });
  } catch (error) {
    if (path === '') {
      throw new SoundalikeError(
        'SOURCE_NOT_FOUND',
        `the folder ${root} cannot be read (${(error as NodeJS.ErrnoException).code}); check its permissions`,
      );
    }
    tally(report.dropped, 'folder not readable');
    return [];
  }
}

/** By Unix's convention; but an album such as `...And Justice for All` begins with several dots. */
function isHidden(name: string): boolean {
  return /^\.(?!\.)/.test(name) || SYSTEM_FOLDERS.has(name);
}
