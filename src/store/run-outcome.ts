import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { hasCode, writeFileAtomically } from './atomic-file.ts';
import { canonicalJson, parseJson, readJsonFile } from './json-file.ts';
import { failureSchema, type TrackFailure } from './manifest.ts';
import { runPaths } from './paths.ts';
import { type RunSettings, settingsSchema } from './plan.ts';
import { countRetries } from './retries.ts';

/** runs/<run>/_SUCCESS: what a finished run produced. It holds no time, so that the same run gives the same bytes. */
export interface RunSuccess {
  run: string;
  /** Id of the index that was made of it. */
  index: string;
  rows: number;
  failures: number;
  /** The shards, in the order of the plan. */
  files: { file: string; rows: number; sha256: string }[];
  settings: RunSettings;
  /** Version of the program. */
  codeVersion: string;
  /** How many retries of failures it contains; absent where there was none. */
  retries?: number;
}

const successSchema: z.ZodType<RunSuccess> = z.object({
  run: z.string(),
  index: z.string(),
  rows: z.int(),
  failures: z.int(),
  files: z.array(z.object({ file: z.string(), rows: z.int(), sha256: z.string() })),
  settings: settingsSchema,
  codeVersion: z.string(),
  retries: z.int().exactOptional(),
});

/** Marks a run as finished. @throws SoundalikeError DATA_DIR_UNUSABLE */
export function writeSuccess(dataDir: string, success: RunSuccess): Promise<void> {
  return writeFileAtomically(runPaths(dataDir, success.run).success, canonicalJson(success));
}

/** Takes the mark back, for the index stage to run again. */
export function removeSuccess(dataDir: string, run: string): Promise<void> {
  return rm(runPaths(dataDir, run).success, { force: true });
}

/** What a run produced; null where it has not finished. */
export function readSuccess(dataDir: string, run: string): Promise<RunSuccess | null> {
  return readJsonFile(runPaths(dataDir, run).success, successSchema);
}

/** Whether a run has finished, and no failures were given out again since. */
export async function isComplete(dataDir: string, run: string): Promise<boolean> {
  const success = await readSuccess(dataDir, run);
  return success !== null && (success.retries ?? 0) === (await countRetries(dataDir, run));
}

/** Writes the tracks that could not be analysed, one JSON object a line. @throws SoundalikeError DATA_DIR_UNUSABLE */
export async function writeFailures(dataDir: string, run: string, failures: TrackFailure[]): Promise<void> {
  const lines = failures.map((failure) => `${canonicalJson(failure)}\n`);
  await writeFileAtomically(runPaths(dataDir, run).failures, lines.join(''));
}

/** The tracks that could not be analysed, as the index stage wrote them; null where it has not yet. */
export async function readFailures(dataDir: string, run: string): Promise<TrackFailure[] | null> {
  const path = runPaths(dataDir, run).failures;
  try {
    const lines = (await readFile(path, 'utf8')).split('\n');
    return lines.filter((line) => line !== '').map((line) => parseJson(line, failureSchema, path));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
