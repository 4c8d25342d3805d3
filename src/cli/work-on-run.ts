import { SoundalikeError } from '../errors.ts';
import { createRunStatusReader } from '../jobs/run-status-reader.ts';
import { startWorker } from '../workers/worker.ts';
import type { Context } from './context.ts';
import { reportRun } from './report-run.ts';
import { serveDashboard } from './serve-dashboard.ts';
import { closeGracefully, stopSignal } from './signals.ts';
import { watchRun } from './watch-run.ts';

/**
 * Works on a run in this process until it has ended, and reports it; with `serve`, serves the dashboard
 * meanwhile and afterwards, until a signal.
 *
 * @throws SoundalikeError RUN_FAILED; RUN_INCOMPLETE where a signal came first.
 */
export async function workOnRun(
  context: Context,
  run: string,
  { serve, json }: { serve: boolean; json: boolean },
): Promise<void> {
  const reader = createRunStatusReader(context);
  const server = serve ? await serveDashboard(context, reader) : null;
  const signal = stopSignal();
  const worker = await startWorker({ ...context, run });
  try {
    const status = await Promise.race([watchRun(reader, run), signal.stopped]);
    if (!status) {
      process.stderr.write(`stopping; \`soundalike resume ${run}\` goes on. Ctrl-C again ends at once.\n`);
      await closeGracefully(worker);
      throw new SoundalikeError('RUN_INCOMPLETE', `the run ${run} was stopped`);
    }
    await worker.close();
    reportRun(status, json);
    if (server) await signal.stopped;
  } finally {
    signal.ignore();
    await server?.close();
  }
}
