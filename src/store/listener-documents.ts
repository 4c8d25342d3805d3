import { z } from 'zod';
import type { Documents } from './documents.ts';

/** What a listener can do with a track. `unlike` takes a like or a dislike back. */
export const LISTENER_ACTIONS = ['play', 'complete', 'skip', 'like', 'dislike', 'unlike'] as const;

const identity = {
  /** Unique; an event that is delivered twice has one id. */
  id: z.string().min(1),
  /** Milliseconds since 1970 by the clock of the process that took the event in. */
  at: z.int().min(0),
};

export const trackEventSchema = z.strictObject({
  ...identity,
  action: z.enum(LISTENER_ACTIONS),
  track: z.string().min(1),
  /** Seconds into the track; null where that is not known. */
  position: z.number().min(0).nullable(),
});

export const listenerEventSchema = z.discriminatedUnion('action', [
  trackEventSchema,
  /** From here on nothing before it counts. */
  z.strictObject({ ...identity, action: z.literal('forget') }),
]);

export type TrackEvent = z.infer<typeof trackEventSchema>;
export type ListenerEvent = z.infer<typeof listenerEventSchema>;

/** Raised when the same events would give another list: a list of another version is made anew. */
const LIST_VERSION = 1;

const listSchema = z.object({
  version: z.literal(LIST_VERSION),
  /** Id of the index that it was made from. */
  index: z.string(),
  /** Hash of what is shown: the same in every process, and another one only where there is something new to see. */
  revision: z.string(),
  /** Id of the newest event that it took into account. */
  latest: z.string().nullable(),
  /** The best first. */
  tracks: z.array(
    z.object({
      track: z.string(),
      /** What it was found by; null in a list for somebody of whom nothing is known. */
      because: z.object({ track: z.string(), liked: z.boolean() }).nullable(),
    }),
  ),
  liked: z.array(z.string()),
  disliked: z.array(z.string()),
});

/** A listener's recommendations as they are stored: ids alone, which the index then shows. */
export type StoredList = Omit<z.infer<typeof listSchema>, 'version'>;

/** What is known of listeners. Of each it is known under the listener's id, and of nobody else. */
export interface ListenerDocuments {
  /** Adds an event; adding it again changes nothing. */
  addEvent(listener: string, event: ListenerEvent): Promise<void>;
  /** In no order that matters. */
  events(listener: string): Promise<ListenerEvent[]>;
  removeEvents(listener: string, events: readonly ListenerEvent[]): Promise<void>;
  /** Null where there is none, or none that this version made. */
  list(listener: string): Promise<StoredList | null>;
  keepList(listener: string, list: StoredList): Promise<void>;
}

export function listenerDocuments(documents: Documents): ListenerDocuments {
  // Ids of listeners have one length, so that none is the beginning of another's.
  const eventId = (listener: string, { at, id }: ListenerEvent) =>
    `${listener} ${String(at).padStart(16, '0')} ${id}`;

  return {
    async addEvent(listener, event) {
      await documents.upsert('activity', [{ _id: eventId(listener, event), event: { ...event } }]);
    },

    async events(listener) {
      // `!` comes next to the space.
      const found = await documents.between('activity', `${listener} `, `${listener}!`);
      return found.map(({ event }) => listenerEventSchema.parse(event));
    },

    async removeEvents(listener, events) {
      await documents.remove(
        'activity',
        events.map((event) => eventId(listener, event)),
      );
    },

    async list(listener) {
      const parsed = listSchema.safeParse(await documents.get('recommendations', listener));
      return parsed.success ? parsed.data : null;
    },

    async keepList(listener, list) {
      await documents.upsert('recommendations', [{ _id: listener, version: LIST_VERSION, ...list }]);
    },
  };
}
