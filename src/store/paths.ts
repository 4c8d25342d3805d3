import { join } from 'node:path';
import { SoundalikeError } from '../errors.ts';

/** Run ids become folder names and come from users: nothing else may pass as one. */
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

export function isRunId(name: string): boolean {
  return RUN_ID.test(name);
}

/** The folder of all runs. */
export function runsFolder(dataDir: string): string {
  return join(dataDir, 'runs');
}

/**
 * The files of one run.
 *
 * @throws SoundalikeError RUN_NOT_FOUND where `run` cannot be the id of a run.
 */
export function runPaths(dataDir: string, run: string) {
  if (!isRunId(run)) {
    throw new SoundalikeError('RUN_NOT_FOUND', `${JSON.stringify(run)} is not the id of a run`);
  }
  const folder = join(runsFolder(dataDir), run);
  return {
    folder,
    request: join(folder, 'request.json'),
    plan: join(folder, 'plan.json'),
    partitions: join(folder, 'plan.jsonl'),
    shards: join(folder, 'shards'),
    manifests: join(folder, 'manifests'),
    failures: join(folder, 'failures.jsonl'),
    success: join(folder, '_SUCCESS'),
    carry: join(folder, 'carry.json'),
    retries: join(folder, 'retries'),
    command: join(folder, 'command.json'),
    attempts: join(folder, 'attempts'),
    clusterings: join(folder, 'clusterings'),
  };
}

/** The folder of all indexes. */
export function indexesFolder(dataDir: string): string {
  return join(dataDir, 'index');
}

/** The files of one index; each segment is a folder below `segments`. */
export function indexPaths(folder: string) {
  return { description: join(folder, 'index.json'), segments: join(folder, 'segments') };
}

/** The file of an index that says which rows of a segment are live, and where they come from. */
export function segmentRowsFile(folder: string, segment: string): string {
  return join(folder, 'rows', `${segment}.arrow`);
}

/** Where the process that changes the live index is named. */
export function indexLockFolder(dataDir: string): string {
  return join(dataDir, 'index', '.owners');
}

/** The file that names the live index. */
export function currentFile(dataDir: string): string {
  return join(dataDir, 'CURRENT');
}

/** Where the embedded database stands, and the files that say who owns it. */
export function embeddedPaths(dataDir: string) {
  const folder = join(dataDir, 'embedded');
  return { owners: join(folder, 'owners'), database: join(folder, 'database') };
}

/** The sessions of those who are logged in on the dashboard. */
export function sessionsFolder(dataDir: string): string {
  return join(dataDir, 'dashboard', 'sessions');
}

/** The files that visitors of the dashboard send, and those of them that are kept. */
export function uploadPaths(dataDir: string) {
  const folder = join(dataDir, 'uploads');
  return { received: join(folder, 'received'), kept: join(folder, 'kept') };
}
