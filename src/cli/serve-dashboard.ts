import { createDashboard, listen } from '../dashboard/server.ts';
import type { RunStatusReader } from '../jobs/run-status-reader.ts';
import { liveCollection } from '../recommend/open-collection.ts';
import type { Context } from './context.ts';

/** Serves the dashboard from this process, and names its address on stderr. */
export async function serveDashboard(
  context: Context,
  reader: RunStatusReader,
): Promise<{ close(): Promise<void> }> {
  const { config, queues, log } = context;
  const app = createDashboard({
    listRuns: reader.listRuns,
    runStatus: reader.runStatus,
    collection: liveCollection(config.DATA_DIR),
    queues: Object.values(queues.stages),
    allowQueueActions: config.ALLOW_QUEUE_ACTIONS,
    logFault: (error) => log.error({ err: error }, 'a request met a fault'),
  });
  const server = await listen(app, config.HOST, config.PORT);
  process.stderr.write(`dashboard: ${server.address}\n`);
  return server;
}
