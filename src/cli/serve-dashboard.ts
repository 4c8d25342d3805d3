import { createDashboard, listen } from '../dashboard/server.ts';
import type { DashboardSettings } from '../dashboard/settings.ts';
import { createRunControl } from '../jobs/run-control.ts';
import type { RunStatusReader } from '../jobs/run-status-reader.ts';
import { liveCollection } from '../recommend/open-collection.ts';
import { createSearchPool } from '../search/search-pool.ts';
import { openPlaylists } from '../store/playlists.ts';
import { readMongoCollection } from '../store/read-mongo-collection.ts';
import { openSessions } from '../store/sessions.ts';
import { openUploads } from '../store/uploads.ts';
import { uploadAnalysis } from '../workers/analyse-upload.ts';
import { startListenerActivity } from '../workers/listener-activity.ts';
import type { Context } from './context.ts';

/** Between two times that uploads nobody kept are looked for. */
const SWEEP_MS = 60_000;

/** Serves the dashboard from this process, and names its address on stderr. */
export async function serveDashboard(
  context: Context,
  reader: RunStatusReader,
  settings: DashboardSettings,
): Promise<{ close(): Promise<void> }> {
  const { config, queues, documents, log } = context;
  const pool = createSearchPool(config.SEARCH_THREADS);
  const collection = liveCollection(config.DATA_DIR, pool);
  const listeners = startListenerActivity({
    queues,
    documents,
    collection,
    shared: config.QUEUE_URL !== undefined,
    onError: (error) => log.warn({ err: error }, 'what a listener did could not be dealt with yet'),
  });
  const logFault = (error: unknown) => log.error({ err: error }, 'a request met a fault');
  const uploads = openUploads(config.DATA_DIR);
  await uploads.sweep();
  const sweeping = setInterval(() => uploads.sweep().catch(logFault), SWEEP_MS);
  const ports = {
    listRuns: reader.listRuns,
    runStatus: reader.runStatus,
    runTimeline: reader.runTimeline,
    control: createRunControl(context, { readCollection: readMongoCollection }),
    collection,
    listeners,
    queues: Object.values(queues.stages),
    playlists: openPlaylists(context.documents),
    sessions: openSessions(config.DATA_DIR),
    uploads: {
      store: uploads,
      analyse: uploadAnalysis({
        maximumSeconds: config.UPLOAD_MAX_SECONDS,
        timeoutSeconds: config.UPLOAD_TIMEOUT_SECONDS,
      }),
    },
    logFault,
  };
  const app = createDashboard(ports, settings);
  const server = await listen(app, settings.host, settings.port);
  process.stderr.write(`dashboard: ${server.address}\n`);
  return {
    async close() {
      clearInterval(sweeping);
      await server.close();
      await listeners.close();
      await pool.close();
    },
  };
}
