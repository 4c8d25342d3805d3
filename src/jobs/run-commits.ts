import { stat } from 'node:fs/promises';
import { forEachConcurrently } from '../dataset/for-each-concurrently.ts';
import { hasCode } from '../store/atomic-file.ts';
import type { Manifest, ManifestSummary } from '../store/manifest.ts';
import { listCommitted, manifestFile, readManifestSummary } from '../store/manifest-files.ts';
import { runPaths } from '../store/paths.ts';
import type { Plan } from '../store/plan.ts';
import { groupFailures } from './failure-groups.ts';
import type { Commit } from './progress.ts';
import type { FailureGroup } from './run-status.ts';

const FILES_AT_ONCE = 32;

/** A folder's time of change has the grain of the kernel's clock, or of a file server's: two changes may have one. */
const GRAIN_MS = 3_000;

/** What a status needs of a manifest. */
export interface Committed extends Commit, Pick<Manifest, 'rows' | 'truncated'> {
  /** Failed tracks. */
  failed: number;
  /** Their classes alone: a large run has tens of thousands of them. */
  failures: FailureGroup[];
}

/**
 * Opens the manifests of a run.
 *
 * @returns Gives what is committed of a plan, in its order. A manifest never changes, so each is read once; the folder
 *   is not even listed where nothing was added.
 */
export function openCommits(dataDir: string, run: string): (plan: Plan) => Promise<readonly Committed[]> {
  const known = new Map<string, Committed>();
  let listed: { at: number; plan: Plan; commits: readonly Committed[] } | null = null;

  async function read(id: string, { tracks, bytes }: { tracks: number; bytes: number }): Promise<void> {
    const manifest: ManifestSummary | null = await readManifestSummary(dataDir, run, id);
    if (!manifest) return;
    const { mtimeMs } = await stat(manifestFile(dataDir, run, id));
    const { rows, failures, truncated, seconds } = manifest;
    known.set(id, {
      ...{ rows, truncated, failed: failures.length, failures: groupFailures(failures) },
      ...{ seconds, tracks, bytes, at: mtimeMs },
    });
  }

  return async (plan) => {
    const changed = await changeOf(runPaths(dataDir, run).manifests);
    if (listed?.plan === plan && changed === listed.at) return listed.commits;
    const now = Date.now();
    const present = await listCommitted(dataDir, run);
    const unread = plan.partitions.filter(({ id }) => present.has(id) && !known.has(id));
    await forEachConcurrently(unread, FILES_AT_ONCE, (entry) => read(entry.id, entry));
    const commits = plan.partitions.flatMap(({ id }) => (present.has(id) ? (known.get(id) ?? []) : []));
    listed = changed < now - GRAIN_MS ? { at: changed, plan, commits } : null;
    return commits;
  };
}

/** In ms since 1970; 0 where there is no such folder. */
async function changeOf(folder: string): Promise<number> {
  try {
    return (await stat(folder)).mtimeMs;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}
