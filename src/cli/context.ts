import { mkdir } from 'node:fs/promises';
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import { messageOf, SoundalikeError } from '../errors.ts';
import type { Coordination } from '../jobs/coordinator.ts';
import { openQueues } from '../jobs/queues.ts';
import { openEmbeddedDocuments } from '../store/documents-embedded.ts';
import { openMongodbDocuments } from '../store/documents-mongodb.ts';
import { openEmbedded } from '../store/embedded.ts';

export interface Context extends Coordination {
  config: Config;
  log: Logger;
  close(): Promise<void>;
}

/** Logs go to stderr, as stdout belongs to the results; at once, so that a crash loses none. */
function createLog({ LOG_LEVEL }: Config): Logger {
  const stderr: DestinationStream = destination({ dest: 2, sync: true });
  return pino({ name: 'soundalike', level: LOG_LEVEL, base: { pid: process.pid } }, stderr);
}

/**
 * Opens queue and documents, embedded or on their servers.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE, DATA_DIR_LOCKED, QUEUE_UNREACHABLE, MONGODB_UNREACHABLE
 */
export async function openContext(config: Config): Promise<Context> {
  const log = createLog(config);
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    await mkdir(config.DATA_DIR, { recursive: true }).catch((cause) => {
      const message = `the data folder ${config.DATA_DIR} cannot be made (${messageOf(cause)}): name another with --data`;
      throw new SoundalikeError('DATA_DIR_UNUSABLE', message, { cause });
    });
    const embedded = config.QUEUE_URL && config.MONGODB_URL ? null : await openEmbedded(config.DATA_DIR);
    if (embedded) closers.push(embedded.close);
    const documents = config.MONGODB_URL
      ? await openMongodbDocuments(config.MONGODB_URL)
      : await openEmbeddedDocuments(embedded!.database);
    closers.push(() => documents.close());
    const onError = (error: Error) => log.warn({ err: error }, 'the queue reports a fault');
    const queues = await openQueues(config, embedded?.database ?? null, onError);
    closers.push(queues.close);
    return { config, log, dataDir: config.DATA_DIR, queues, documents, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs `use` with an open context, and closes it whatever happens. */
export async function withContext<Result>(
  config: Config,
  use: (context: Context) => Promise<Result>,
): Promise<Result> {
  const context = await openContext(config);
  try {
    return await use(context);
  } finally {
    await context.close();
  }
}
