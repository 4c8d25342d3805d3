import type { Config } from '../config.ts';
import { SoundalikeError } from '../errors.ts';
import { resumeRun } from '../jobs/run-control.ts';
import { writeCommand } from '../store/run-command.ts';
import { withContext } from './context.ts';
import { workOnRun } from './work-on-run.ts';

/**
 * Has a run go on, and works on it in this process. Another process that has the embedded queue and works on the run
 * sees in the data folder that it is to go on.
 *
 * @param queueOnly Leaves the work to workers.
 * @throws SoundalikeError as `resumeRun` and `workOnRun`
 */
export async function goOn(config: Config, run: string, queueOnly: boolean, json: boolean): Promise<void> {
  try {
    await withContext(config, async (context) => {
      await resumeRun(context, run);
      if (!queueOnly) await workOnRun(context, run, { serve: null, json });
    });
  } catch (error) {
    if (!(error instanceof SoundalikeError) || error.code !== 'DATA_DIR_LOCKED') throw error;
    await writeCommand(config.DATA_DIR, run, 'go');
    process.stderr.write(
      `${error.message}\nIf that process works on this run, it goes on within ${config.LOCK_SECONDS} s.\n`,
    );
  }
}
