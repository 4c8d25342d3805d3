import { mkdir } from 'node:fs/promises';
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import { messageOf, SoundalikeError } from '../errors.ts';
import type { Coordination } from '../jobs/coordinator.ts';
import { openQueues } from '../jobs/queues.ts';
import { connectRedis } from '../jobs/redis.ts';
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
async function openContext(config: Config): Promise<Context> {
  const log = createLog(config);
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const onError = (error: Error) => log.warn({ err: error }, 'the queue reports a fault');
  try {
    // The servers first: where one does not answer, nothing must have been written.
    const redis = config.QUEUE_URL === undefined ? null : await connectRedis(config.QUEUE_URL, onError);
    if (redis) closers.push(async () => redis.disconnect());
    const mongodb = config.MONGODB_URL === undefined ? null : await openMongodbDocuments(config.MONGODB_URL);
    if (mongodb) closers.push(() => mongodb.close());
    await makeDataDir(config.DATA_DIR);
    const embedded = redis && mongodb ? null : await openEmbedded(config.DATA_DIR);
    if (embedded) closers.push(embedded.close);
    const documents = mongodb ?? (await openEmbeddedDocuments(embedded!.database));
    const queues = await openQueues(config, redis ?? embedded!.database, onError);
    closers.push(queues.close);
    return { config, log, dataDir: config.DATA_DIR, queues, documents, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeDataDir(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause) => {
    const message = `the data folder ${folder} cannot be made (${messageOf(cause)}): name another with --data`;
    throw new SoundalikeError('DATA_DIR_UNUSABLE', message, { cause });
  });
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
