import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, QueueEvents } from 'bullmq';
import { SoundalikeError } from '../errors.ts';
import type { Queues } from '../jobs/queues.ts';
import { type Payload, payloadSchemas } from '../jobs/registry.ts';
import type { Collection } from '../recommend/collection.ts';
import type { Documents } from '../store/documents.ts';
import { type ListenerEvent, listenerDocuments, type StoredList } from '../store/listener-documents.ts';
import { updateRecommendations } from './update-recommendations.ts';

/** Events that one process works on at once; each waits for the database and for search threads most of the time. */
const CONCURRENCY = 4;

/** Milliseconds that a listener's request waits for a queue that does not answer. */
const QUEUE_TIMEOUT = 5_000;

/** What listeners do, and what is recommended to them. */
export interface ListenerActivity {
  /**
   * Hands an event to the queue, from where one of the processes takes it. Once this has resolved the event is not
   * lost; where it throws, the same event may be given again.
   *
   * @throws SoundalikeError QUEUE_UNREACHABLE
   */
  record(listener: string, event: ListenerEvent): Promise<void>;
  /** The listener's list, made anew where it is of another index than the live one. @throws INDEX_NOT_FOUND */
  recommendations(listener: string): Promise<StoredList>;
  /** Calls back with a listener's id when the list may be another one, whichever process made it. */
  onUpdate(callback: (listener: string) => void): void;
  close(): Promise<void>;
}

interface Parts {
  queues: Queues;
  documents: Documents;
  collection(): Promise<Collection>;
  /** Whether other processes are on the queue as well. */
  shared: boolean;
  onError(error: Error): void;
}

/** Starts a worker of the queue `activity` in this process. */
export function startListenerActivity({
  queues,
  documents,
  collection,
  shared,
  onError,
}: Parts): ListenerActivity {
  const store = listenerDocuments(documents);
  const updates = new EventEmitter<{ update: [listener: string] }>();

  const worker = queues.createWorker(
    'activity',
    async ({ data }: Job): Promise<Pick<Payload<'activity'>, 'listener'>> => {
      const { listener, event } = payloadSchemas.activity.parse(data);
      await store.addEvent(listener, event);
      await updateRecommendations(store, collection, listener).catch((error) => {
        // Then the list is made when there is an index to make it from.
        if (!(error instanceof SoundalikeError && error.code === 'INDEX_NOT_FOUND')) throw error;
      });
      updates.emit('update', listener);
      return { listener };
    },
    { concurrency: CONCURRENCY },
  );
  worker.on('failed', (_job, error) => onError(error));

  let elsewhere: QueueEvents | null = null;
  if (shared) {
    elsewhere = queues.watch('activity');
    const returned = payloadSchemas.activity.pick({ listener: true });
    elsewhere.on('completed', ({ returnvalue }) => {
      updates.emit('update', returned.parse(returnvalue).listener);
    });
  }

  return {
    async record(listener, event) {
      const payload: Payload<'activity'> = { listener, event };
      const added = queues.activity.add(event.action, payload, { jobId: `${listener}_${event.id}` });
      const expired = new AbortController();
      const late = sleep(QUEUE_TIMEOUT, 'late' as const, { signal: expired.signal, ref: false });
      try {
        if ((await Promise.race([added, late])) !== 'late') return;
      } finally {
        expired.abort();
        // Whichever comes second has nobody who waits for it.
        for (const second of [added, late]) second.catch(() => {});
      }
      throw new SoundalikeError('QUEUE_UNREACHABLE', 'the queue does not answer: try again in a while');
    },

    async recommendations(listener) {
      const [list, { index }] = await Promise.all([store.list(listener), collection()]);
      return list?.index === index ? list : updateRecommendations(store, collection, listener);
    },

    onUpdate(callback) {
      updates.on('update', callback);
    },

    async close() {
      await Promise.all([worker.close(), elsewhere?.close()]);
    },
  };
}
