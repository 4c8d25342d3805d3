import { type SandboxedJob, UnrecoverableError } from 'bullmq';
import { type Config, readConfig } from '../config.ts';
import { ERRORS, SoundalikeError } from '../errors.ts';
import { type Payload, payloadSchemas, type StageName } from '../jobs/registry.ts';

// The worker is gone: its jobs are given to another one, and what this process would still do is done there.
process.on('disconnect', () => process.exit());

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
      const message = `${error.code}: ${error.message}`;
      throw ERRORS[error.code].exit === 2
        ? new UnrecoverableError(message)
        : new Error(message, { cause: error });
    }
  };
}
