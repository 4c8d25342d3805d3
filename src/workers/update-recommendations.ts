import { isDeepStrictEqual } from 'node:util';
import type { Collection } from '../recommend/collection.ts';
import { keptEvents } from '../recommend/listener-events.ts';
import { profileOf } from '../recommend/listener-profile.ts';
import { sha256 } from '../sha256.ts';
import { canonicalJson } from '../store/json-file.ts';
import type { ListenerDocuments, ListenerEvent, StoredList } from '../store/listener-documents.ts';

/** Digits of a revision; a listener has few lists to tell apart. */
const REVISION_LENGTH = 16;

/**
 * Makes a listener's list from all that is stored of the listener, and stores it. Any number of processes may do so at
 * once: each looks again after it has written, and starts over where events have come meanwhile. So the last one to
 * write has seen them all, and the stored list is that of all events.
 *
 * @throws SoundalikeError INDEX_NOT_FOUND
 */
export async function updateRecommendations(
  store: ListenerDocuments,
  collection: () => Promise<Collection>,
  listener: string,
): Promise<StoredList> {
  let events = await tidyEvents(store, listener);
  for (;;) {
    const live = await collection();
    const list = await (events.length > 0 ? makeList(live, events) : listForNewcomers(live));
    // Of somebody who did nothing, nothing is stored: a visit alone leaves no trace.
    if (events.length > 0) await store.keepList(listener, list);
    const now = await tidyEvents(store, listener);
    if (isDeepStrictEqual(now, events)) return list;
    events = now;
  }
}

/** The events that count; the others are deleted. */
async function tidyEvents(store: ListenerDocuments, listener: string): Promise<ListenerEvent[]> {
  const stored = await store.events(listener);
  const kept = keptEvents(stored);
  const counts = new Set(kept);
  const others = stored.filter((event) => !counts.has(event));
  if (others.length > 0) await store.removeEvents(listener, others);
  return kept;
}

/** Open pages of people who did nothing yet ask for theirs again and again; it is the same for all. */
const newcomers = new WeakMap<Collection, Promise<StoredList>>();

function listForNewcomers(live: Collection): Promise<StoredList> {
  const list = newcomers.get(live) ?? makeList(live, []);
  newcomers.set(live, list);
  // A failure is not kept.
  list.catch(() => newcomers.delete(live));
  return list;
}

async function makeList(live: Collection, events: readonly ListenerEvent[]): Promise<StoredList> {
  const profile = profileOf(events);
  const { liked, disliked, latest } = profile;
  const shown = { index: live.index, tracks: await live.recommend(profile), liked, disliked };
  const revision = sha256(Buffer.from(canonicalJson(shown))).slice(0, REVISION_LENGTH);
  return { ...shown, revision, latest };
}
