import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { publishOnce, writeFileAtomically } from './atomic-file.ts';
import { canonicalJson, readJsonFile } from './json-file.ts';
import { namesIn } from './names-in.ts';
import { processStart } from './process-identity.ts';

/** The process that owns a folder, or that did. */
export interface Owner {
  host: string;
  pid: number;
  /** As processStart gives it: tells a process from a later one with the same id. */
  started: string;
  released: boolean;
}

const ownerSchema: z.ZodType<Owner> = z.object({
  host: z.string(),
  pid: z.int(),
  started: z.string(),
  released: z.boolean(),
});

/** The lock; or who holds it, and the file that says so. */
export type Acquired = { release(): Promise<void> } | { heldBy: Owner; file: string };

async function isGone(owner: Owner): Promise<boolean> {
  if (owner.released) return true;
  // Nothing can be known of a process of another machine.
  if (owner.host !== hostname()) return false;
  const started = await processStart(owner.pid);
  return started === null || started !== owner.started;
}

/** Numbers of the owners' files in `folder`, ascending. */
async function listGenerations(folder: string): Promise<number[]> {
  return (await namesIn(folder))
    .filter((name) => /^\d+\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

/**
 * Takes the exclusive lock of a folder, or tells who holds it. The lock of a process that is gone is taken over.
 *
 * Owners are numbered files, and the highest number is the owner. A number is created once (a hard link), and
 * never given out again while it could be anybody's: so of several processes that find the same owner gone, one
 * gets the next number. To delete the stale file and create it anew would let two of them in.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function acquireOwnership(folder: string): Promise<Acquired> {
  const fileOf = (generation: number) => join(folder, `${generation}.json`);
  const own: Owner = {
    host: hostname(),
    pid: process.pid,
    started: (await processStart(process.pid)) ?? '',
    released: false,
  };
  for (;;) {
    const last = (await listGenerations(folder)).at(-1) ?? 0;
    const heldBy = last === 0 ? null : await readJsonFile(fileOf(last), ownerSchema);
    if (heldBy && !(await isGone(heldBy))) return { heldBy, file: fileOf(last) };

    const generation = last + 1;
    if ((await publishOnce(fileOf(generation), canonicalJson(own))) === 'exists') continue;
    const others = await listGenerations(folder);
    if (others.at(-1) !== generation) {
      // The number was given out, overtaken and cleared away since it was read: this one is void.
      await rm(fileOf(generation), { force: true });
      continue;
    }
    for (const older of others.slice(0, -1)) await rm(fileOf(older), { force: true });
    return {
      // The file stays, as its number must not be given out again.
      release: () => writeFileAtomically(fileOf(generation), canonicalJson({ ...own, released: true })),
    };
  }
}
