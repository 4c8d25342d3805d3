import { DelayedError, type SandboxedJob, UnrecoverableError } from 'bullmq';
import { type Config, readConfig } from '../config.ts';
import { ERRORS, type ErrorCode, SoundalikeError } from '../errors.ts';
import { type Payload, payloadSchemas, type StageName } from '../jobs/registry.ts';

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
): (job: SandboxedJob, token?: string) => Promise<Result> {
  return async (job, token) => {
    const payload = payloadSchemas[stage].parse(job.data) as Payload<Stage>;
    try {
      return await handle(payload, { config: readConfig(), job, token });
    } catch (error) {
      if (!(error instanceof SoundalikeError)) throw error;
      if (MISSING_HERE.includes(error.code) && (job.attemptsStarted ?? MOST_STARTS) < MOST_STARTS) {
        await job.moveToDelayed(Date.now() + WAIT_MS, token);
        throw new DelayedError(error.message);
      }
      const message = `${error.code}: ${error.message}`;
      throw ERRORS[error.code].exit === 2
        ? new UnrecoverableError(message)
        : new Error(message, { cause: error });
    }
  };
}
