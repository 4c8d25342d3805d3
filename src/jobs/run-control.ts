import { forEachConcurrently } from '../dataset/for-each-concurrently.ts';
import type { SourceReaders } from '../dataset/load.ts';
import type { ErrorCode } from '../errors.ts';
import { readManifest } from '../store/manifest-files.ts';
import { requirePlan } from '../store/plan-files.ts';
import { writeRetry } from '../store/retries.ts';
import { writeCommand } from '../store/run-command.ts';
import { readRequest } from '../store/runs.ts';
import { acceptRun, advanceRun, type Coordination, identifyRun } from './coordinator.ts';

/** Faults that may have been the machine's: what `retry` analyses again unless it is told otherwise. */
export const PASSING_FAULTS = [
  'AUDIO_UNREADABLE',
  'AUDIO_TIMED_OUT',
  'AUDIO_CRASHED',
] as const satisfies ErrorCode[];

const FILES_AT_ONCE = 32;

/**
 * Has a run stop: paused, after the partitions under way; cancelled, after the tracks under way. What is committed
 * stays, and `resumeRun` goes on. Workers obey within seconds, also those that only read the data folder.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, DATA_DIR_UNUSABLE
 */
export async function stopRun(dataDir: string, run: string, command: 'pause' | 'cancel'): Promise<void> {
  await readRequest(dataDir, run);
  await writeCommand(dataDir, run, command);
}

/**
 * Has a run go on: what is lacking, failed or lost from the queue is given out again.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, DATA_DIR_UNUSABLE
 */
export async function resumeRun(coordination: Coordination, run: string): Promise<void> {
  await readRequest(coordination.dataDir, run);
  await writeCommand(coordination.dataDir, run, 'go');
  await advanceRun(coordination, run, true);
}

/**
 * Has the source of a known run looked at again, with the settings it had: where the collection has changed, that is a
 * new run, which analyses only what is new; else the same, which goes on where it lacks something.
 *
 * @returns The run's id.
 * @throws SoundalikeError RUN_NOT_FOUND, SOURCE_…, METADATA_…, DATA_DIR_UNUSABLE
 */
async function runAgain(coordination: Coordination, run: string, readers: SourceReaders): Promise<string> {
  const { request, settings } = await readRequest(coordination.dataDir, run);
  const accepted = await identifyRun(request, settings, readers);
  await acceptRun(coordination.dataDir, accepted);
  await advanceRun(coordination, accepted.run, true);
  return accepted.run;
}

/**
 * Writes down that failed tracks are to be analysed again (store/retries.ts), for `resumeRun` to have it done. The
 * files of partitions that are not committed yet are not among them.
 *
 * @param codes Classes of failures.
 * @returns How many tracks; 0 where none failed so.
 * @throws SoundalikeError RUN_NOT_FOUND, RUN_INCOMPLETE, DATA_DIR_UNUSABLE
 */
export async function retryFailures(
  dataDir: string,
  run: string,
  codes: readonly ErrorCode[],
): Promise<number> {
  for (;;) {
    const plan = await requirePlan(dataDir, run);
    const failed = new Map<string, ErrorCode[]>();
    let tracks = 0;
    await forEachConcurrently(plan.partitions, FILES_AT_ONCE, async ({ id }) => {
      const failures = (await readManifest(dataDir, run, id))?.failures ?? [];
      const again = failures.filter(({ code }) => codes.includes(code));
      if (again.length === 0) return;
      tracks += again.length;
      failed.set(id, [...new Set(again.map(({ code }) => code))].sort());
    });
    if (tracks === 0) return 0;
    // In an order that does not depend on which file was read first.
    const inOrder = new Map([...failed].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (await writeRetry(dataDir, plan, inOrder)) return tracks;
    // Another retry came first: what it did not take is looked for again.
  }
}

/** What an administrator can do with the runs; each throws what the function behind it does. */
export interface RunControl {
  pause(run: string): Promise<void>;
  resume(run: string): Promise<void>;
  cancel(run: string): Promise<void>;
  /** @returns How many tracks are analysed again; `codes` are PASSING_FAULTS where left out. */
  retry(run: string, codes?: readonly ErrorCode[]): Promise<number>;
  /** @returns The id of the run, which is a new one where the source has changed. */
  again(run: string): Promise<string>;
}

/** Control from a process that reaches the queue, and so has it obey at once. */
export function createRunControl(coordination: Coordination, readers: SourceReaders): RunControl {
  const { dataDir } = coordination;
  const stop = (command: 'pause' | 'cancel') => async (run: string) => {
    await stopRun(dataDir, run, command);
    await advanceRun(coordination, run, false);
  };
  return {
    pause: stop('pause'),
    cancel: stop('cancel'),
    resume: (run) => resumeRun(coordination, run),
    async retry(run, codes = PASSING_FAULTS) {
      const tracks = await retryFailures(dataDir, run, codes);
      if (tracks > 0) await resumeRun(coordination, run);
      return tracks;
    },
    again: (run) => runAgain(coordination, run, readers),
  };
}
