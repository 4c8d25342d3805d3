import type { DashboardSettings } from '../dashboard/settings.ts';
import { SoundalikeError } from '../errors.ts';
import type { RunStatus } from '../jobs/run-status.ts';
import { createRunStatusReader } from '../jobs/run-status-reader.ts';
import { type RunningWorker, startWorker } from '../workers/worker.ts';
import type { Context } from './context.ts';
import { reportRun } from './report-run.ts';
import { serveDashboard } from './serve-dashboard.ts';
import { closeGracefully, stopSignal } from './signals.ts';
import { watchRun } from './watch-run.ts';

/**
 * Works on a run in this process until it has ended, and reports it; with `serve`, serves the dashboard
 * meanwhile and afterwards, until a signal.
 *
 * @param options `report`: tells how it ended, and sets the exit code; by default `reportRun`.
 * @throws SoundalikeError RUN_FAILED; RUN_INCOMPLETE where a signal came first.
 */
export async function workOnRun(
  context: Context,
  run: string,
  options: {
    serve: DashboardSettings | null;
    json: boolean;
    report?: (status: RunStatus, json: boolean) => void;
  },
): Promise<void> {
  const { serve, json, report = reportRun } = options;
  const reader = createRunStatusReader(context);
  const server = serve ? await serveDashboard(context, reader, serve) : null;
  const signal = stopSignal();
  const watching = new AbortController();
  void signal.stopped.then(() => watching.abort());
  let worker: RunningWorker | null = null;
  try {
    worker = await startWorker({ ...context, run });
    const onError = (error: unknown) =>
      context.log.warn({ err: error }, 'the state of the run could not be read');
    const status = await watchRun(reader, run, watching.signal, onError);
    if (!status) {
      process.stderr.write(`stopping; \`soundalike resume ${run}\` goes on. Ctrl-C again ends at once.\n`);
      await closeGracefully(worker);
      worker = null;
      throw new SoundalikeError('RUN_INCOMPLETE', `the run ${run} was stopped`);
    }
    report(status, json);
    if (server) await signal.stopped;
  } finally {
    signal.ignore();
    await worker?.close();
    await server?.close();
  }
}
