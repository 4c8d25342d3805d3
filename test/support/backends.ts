import { afterAll, beforeAll } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openQueues, type Queues } from '../../src/jobs/queues.ts';
import { connectRedis } from '../../src/jobs/redis.ts';
import type { Documents } from '../../src/store/documents.ts';
import { openEmbeddedDocuments } from '../../src/store/documents-embedded.ts';
import { openMongodbDocuments } from '../../src/store/documents-mongodb.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { startMongo } from './mongodb.ts';
import { startRedis } from './redis.ts';
import { removeFolder, suiteFolder } from './temporary.ts';

export interface Backend {
  queues: Queues;
  documents: Documents;
}

const raise = (error: Error) => {
  throw error;
};

/** Queue and documents on servers of their own, or embedded; started before the suite and stopped after it. */
export const BACKENDS: Record<string, () => Backend> = {
  'Redis and MongoDB': () =>
    useBackend(async () => {
      const [redis, mongo] = await Promise.all([startRedis(), startMongo()]);
      const connection = await connectRedis(redis.url, raise);
      const queues = await openQueues(readConfig({ QUEUE_PREFIX: 'test' }), connection, raise);
      const documents = await openMongodbDocuments(mongo.url);
      const close = async () => {
        await queues.close();
        await documents.close();
        connection.disconnect();
        await Promise.all([redis.stop(), mongo.stop()]);
      };
      return { queues, documents, close };
    }),
  embedded: () =>
    useBackend(async () => {
      const folder = await suiteFolder();
      const embedded = await openEmbedded(folder);
      const queues = await openQueues(readConfig({}), embedded.database, raise);
      const documents = await openEmbeddedDocuments(embedded.database);
      const close = async () => {
        await queues.close();
        await embedded.close();
        await removeFolder(folder);
      };
      return { queues, documents, close };
    }),
};

function useBackend(open: () => Promise<Backend & { close(): Promise<void> }>): Backend {
  const backend = {} as Backend & { close(): Promise<void> };
  beforeAll(async () => {
    Object.assign(backend, await open());
  });
  afterAll(() => backend.close());
  return backend;
}
