import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, SoundalikeError } from '../errors.ts';

/** What a file is to hold; the parts of an iterable are written one after the other. */
type Content = string | Uint8Array | Iterable<string>;

const isErrno = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'errno' in error;

/** True for the error of a system call with this code, e.g. `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return isErrno(error) && error.code === code;
}

/** A failed system call as a user can act on it; any other error as it is. */
function explain(error: unknown, path: string): unknown {
  if (!isErrno(error)) return error;
  const remedy =
    error.code === 'ENOSPC' || error.code === 'EDQUOT'
      ? 'make room there and resume the run'
      : 'check the folder and its permissions, or correct DATA_DIR';
  return new SoundalikeError('DATA_DIR_UNUSABLE', `cannot write ${path} (${messageOf(error)}): ${remedy}`, {
    cause: error,
  });
}

/** Makes the entries of a folder durable: a rename or link can else be lost with the power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name in `folder` that no other attempt, process or machine uses. */
export function temporaryName(folder: string, label: string): string {
  return join(folder, `.tmp-${label}-${process.pid}-${randomBytes(6).toString('hex')}`);
}

/**
 * Writes a new file under a temporary name and makes its content durable. Nothing is left where that fails.
 *
 * @param folder Made where it is not there; the same as that of the final name, as a rename needs it.
 * @param label Tells a reader of the folder what a leftover was going to be.
 * @returns The path of the temporary file.
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function writeTemporary(folder: string, label: string, content: Content): Promise<string> {
  const path = temporaryName(folder, label);
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(path, 'wx');
    try {
      await writeFile(handle, content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return path;
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw explain(error, path);
  }
}

/**
 * Gives a temporary file (or folder) its name, durably; an older file of this name is replaced.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE, and the temporary file is gone.
 */
export async function moveIntoPlace(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true, recursive: true }).catch(() => {});
    throw explain(error, path);
  }
}

/**
 * Writes a file so that a reader sees the old content or the new, and never a part, whatever happens.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function writeFileAtomically(path: string, content: Content): Promise<void> {
  await moveIntoPlace(await writeTemporary(dirname(path), basename(path), content), path);
}

/**
 * Creates a file with its whole content at once, unless there is one: of any number of callers, on any number
 * of machines, one gets `created`. A hard link is the one operation that does both (rename would replace).
 *
 * Over NFS the answer `exists` can be wrong where the server lost its reply (link(2), BUGS): a caller that is
 * told so must read the file to know who won.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function publishOnce(path: string, content: string | Uint8Array): Promise<'created' | 'exists'> {
  const temporary = await writeTemporary(dirname(path), basename(path), content);
  try {
    await link(temporary, path);
    await syncFolder(dirname(path));
    return 'created';
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return 'exists';
    throw explain(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
