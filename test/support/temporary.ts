import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder that a suite keeps over several tests, and removes itself. */
export function suiteFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'soundalike-test-'));
}

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });

/** A new empty folder, removed when the test that asked for it has finished. */
export async function temporaryFolder(): Promise<string> {
  const folder = await suiteFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}
