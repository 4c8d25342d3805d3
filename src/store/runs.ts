import { SoundalikeError } from '../errors.ts';
import { publishOnce } from './atomic-file.ts';
import { canonicalJson, readJsonFile } from './json-file.ts';
import { namesIn } from './names-in.ts';
import { isRunId, runPaths, runsFolder } from './paths.ts';
import { type RunRequest, runRequestSchema } from './run-request.ts';

/** How many runs the error of an unknown one names. */
const NAMED_RUNS = 5;

/**
 * Accepts a run: from then on it is listed. A run that was accepted before stays as it was.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function writeRequest(dataDir: string, request: RunRequest): Promise<void> {
  await publishOnce(runPaths(dataDir, request.run).request, canonicalJson(request));
}

/**
 * What was asked for of a run.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, naming runs that exist.
 */
export async function readRequest(dataDir: string, run: string): Promise<RunRequest> {
  const request = await readJsonFile(runPaths(dataDir, run).request, runRequestSchema);
  if (request) return request;
  const runs = (await listRuns(dataDir)).map((other) => other.run);
  const known =
    runs.length === 0
      ? 'no run was started there'
      : `the latest are ${runs.slice(0, NAMED_RUNS).join(', ')}${runs.length > NAMED_RUNS ? ', …' : ''}`;
  throw new SoundalikeError('RUN_NOT_FOUND', `there is no run ${run} in ${dataDir}: ${known}`);
}

/** All runs of a data folder, the latest first. */
export async function listRuns(dataDir: string): Promise<RunRequest[]> {
  const names = await namesIn(runsFolder(dataDir));
  const requests: RunRequest[] = [];
  for (const name of names.filter(isRunId)) {
    const request = await readJsonFile(runPaths(dataDir, name).request, runRequestSchema);
    if (request) requests.push(request);
  }
  return requests.sort((a, b) =>
    a.createdAt > b.createdAt || (a.createdAt === b.createdAt && a.run < b.run) ? -1 : 1,
  );
}
