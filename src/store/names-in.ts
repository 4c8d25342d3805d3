import { readdir } from 'node:fs/promises';
import { hasCode } from './atomic-file.ts';

/** Names of what a folder holds, in no order; none where there is no such folder (yet). */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
