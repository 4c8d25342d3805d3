import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** sha256 of each file below a folder, by its path. */
async function hashesBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  // A name with a dot is an attempt's temporary file: one that was killed leaves it behind, and nobody reads it.
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name));
  const hashes = files.sort().map(async (file) => {
    const hash = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return [relative(folder, file), hash] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

/** All that a run is answerable for: the same in every undisturbed and every disturbed run of the same input. */
export async function outcomeOf(dataDir: string, run: string) {
  const folder = join(dataDir, 'runs', run);
  return {
    manifests: await hashesBelow(join(folder, 'manifests')),
    shards: await hashesBelow(join(folder, 'shards')),
    failures: await readFile(join(folder, 'failures.jsonl'), 'utf8'),
    success: await readFile(join(folder, '_SUCCESS'), 'utf8'),
    current: await readFile(join(dataDir, 'CURRENT'), 'utf8'),
    index: await hashesBelow(join(dataDir, 'index')),
  };
}
