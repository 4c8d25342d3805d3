import { DelayedError, type SandboxedJob, UnrecoverableError } from 'bullmq';
import { type Config, readConfig } from '../config.ts';
import { ERRORS, type ErrorCode, SoundalikeError } from '../errors.ts';
import { type Payload, PUT_OFF, payloadSchemas, type StageName } from '../jobs/registry.ts';
import { readCommand } from '../store/run-command.ts';

// The worker is gone: its jobs are given to another one, and what this process would still do is done there.
process.on('disconnect', () => process.exit());

/**
 * What is missing on this machine may be there on another (or later): the job waits, and costs no attempt. The
 * source was seen when the run was accepted, so an empty folder is one where nothing is mounted.
 */
const MISSING_HERE: ErrorCode[] = [
  'SOURCE_NOT_FOUND',
  'SOURCE_EMPTY',
  'SOURCE_WITHOUT_AUDIO',
  'RUN_NOT_FOUND',
];
const WAIT_MS = 10_000;

/** After so many starts, five minutes and more, nobody has what the job needs. */
const MOST_STARTS = 30;

/** Ends an attempt of a run that was cancelled meanwhile. */
export class RunCancelled extends Error {}

export interface ForkedContext {
  config: Config;
  job: SandboxedJob;
  token: string | undefined;
}

/**
 * Makes the function that BullMQ calls in a forked process: the payload is checked, the settings are read from
 * the environment that the worker handed down, and an error that no further attempt can mend ends the job.
 */
export function forkedProcessor<Stage extends StageName, Result>(
  stage: Stage,
  handle: (payload: Payload<Stage>, context: ForkedContext) => Promise<Result>,
): (job: SandboxedJob, token?: string) => Promise<Result | null> {
  return async (job, token) => {
    const payload = payloadSchemas[stage].parse(job.data) as Payload<Stage>;
    const config = readConfig();
    const putOff = async (message: string): Promise<never> => {
      // BullMQ tells the worker nothing of a job that is put off; its progress it does tell.
      await job.updateProgress(PUT_OFF);
      await job.moveToDelayed(Date.now() + WAIT_MS, token);
      throw new DelayedError(message);
    };
    // Jobs of a run that is to stop are taken off the queue; one that was given out meanwhile waits for that.
    const { command } = await readCommand(config.DATA_DIR, payload.run);
    if (command !== 'go' && stage !== 'index') return putOff(`asked to ${command}`);
    if (command !== 'go') {
      // The index job ends, as it comes after all others: going on begins with those, and a new one.
      await job.updateProgress(PUT_OFF);
      return null;
    }
    try {
      return await handle(payload, { config, job, token });
    } catch (error) {
      if (error instanceof RunCancelled) return putOff('asked to cancel');
      if (!(error instanceof SoundalikeError)) throw error;
      if (MISSING_HERE.includes(error.code) && (job.attemptsStarted ?? MOST_STARTS) < MOST_STARTS) {
        return putOff(error.message);
      }
      const message = `${error.code}: ${error.message}`;
      throw ERRORS[error.code].exit === 2
        ? new UnrecoverableError(message)
        : new Error(message, { cause: error });
    }
  };
}
