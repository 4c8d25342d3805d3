import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Queues } from '../../src/jobs/queues.ts';
import type { Collection } from '../../src/recommend/collection.ts';
import { keptEvents } from '../../src/recommend/listener-events.ts';
import { profileOf } from '../../src/recommend/listener-profile.ts';
import type { Documents } from '../../src/store/documents.ts';
import { type ListenerEvent, listenerDocuments } from '../../src/store/listener-documents.ts';
import { type ListenerActivity, startListenerActivity } from '../../src/workers/listener-activity.ts';
import { updateRecommendations } from '../../src/workers/update-recommendations.ts';
import { memoryOfListeners } from '../dashboard/fake-listeners.ts';
import { fakeCollection, fakeTracks } from '../dashboard/fakes.ts';
import { forget, numbered, shuffled } from '../recommend/events.ts';
import { BACKENDS } from '../support/backends.ts';

const ids = fakeTracks(120).map(({ id }) => id);
const ACTIONS = ['like', 'dislike', 'unlike', 'play', 'complete', 'skip'] as const;

/** Sixty events on nine tracks. */
const EVENTS = Array.from({ length: 60 }, (_, i) =>
  numbered(i + 1, ACTIONS[(i * 5) % 6]!, ids[(i * 7) % 9]!, i % 30),
);

const live = fakeCollection(fakeTracks(120), () => '');

const expected = async (events: readonly ListenerEvent[], collection: Collection = live) => ({
  tracks: await collection.recommend(profileOf(events)),
  liked: profileOf(events).liked,
});

describe.each(Object.entries(BACKENDS))('what listeners do, on %s', (name, useBackend) => {
  /** Embedded, one process has all. */
  const shared = name !== 'embedded';
  const backend = useBackend();
  let processes: ListenerActivity[];
  let index: Collection = live;
  const faults: Error[] = [];

  beforeAll(() => {
    const start = () =>
      startListenerActivity({
        ...backend,
        collection: async () => index,
        shared,
        onError: (error) => faults.push(error),
      });
    const first = start();
    processes = shared ? [first, start(), start()] : [first, first, first];
  });
  afterAll(async () => {
    await Promise.all([...new Set(processes)].map((process) => process.close()));
    expect(faults).toEqual([]);
  });

  const settled = async () => {
    const { activity } = backend.queues;
    while ((await activity.getJobCountByTypes('waiting', 'active', 'delayed')) > 0) await sleep(20);
  };

  it('gives the same list whoever takes the events, in any order, doubled, and at once', async () => {
    for (const [round, listener] of ['a'.repeat(64), 'b'.repeat(64)].entries()) {
      const given = shuffled([...EVENTS, ...EVENTS.slice(0, 25)], round + 1);
      await Promise.all(given.map((event, i) => processes[i % 3]!.record(listener, event)));
      await settled();
      const store = listenerDocuments(backend.documents);
      expect(keptEvents(await store.events(listener))).toEqual(keptEvents(EVENTS));
      expect(await store.list(listener)).toMatchObject(await expected(EVENTS));
      expect(await processes[round]!.recommendations(listener)).toEqual(await store.list(listener));
    }
  });

  it('tells every process of an update, whichever made it', async () => {
    const listener = 'c'.repeat(64);
    const told = processes.map(
      (process) =>
        new Promise<void>((resolve) => {
          process.onUpdate((updated) => {
            if (updated === listener) resolve();
          });
        }),
    );
    // Until the streams of events are listened to; what is missed before is found by looking again.
    await sleep(300);
    await processes[0]!.record(listener, numbered(1, 'like', ids[3]!));
    await Promise.all(told);
  });

  it('keeps listeners apart', async () => {
    const [one, other] = ['d'.repeat(64), `${'d'.repeat(63)}e`];
    await processes[0]!.record(one!, numbered(1, 'like', ids[3]!));
    await processes[1]!.record(other!, numbered(1, 'dislike', ids[9]!));
    await settled();
    expect(await processes[2]!.recommendations(one!)).toMatchObject({ liked: [ids[3]], disliked: [] });
    expect(await processes[2]!.recommendations(other!)).toMatchObject({ liked: [], disliked: [ids[9]] });
  });

  it('forgets all, for good', async () => {
    const listener = 'f'.repeat(64);
    const late = numbered(2, 'like', ids[5]!);
    await processes[0]!.record(listener, numbered(1, 'like', ids[3]!));
    await settled();
    await processes[1]!.record(listener, forget(3));
    await settled();
    // From before, and delayed on its way.
    await processes[2]!.record(listener, late);
    await settled();
    expect(await listenerDocuments(backend.documents).events(listener)).toEqual([forget(3)]);
    expect(await processes[0]!.recommendations(listener)).toMatchObject({
      ...(await expected([])),
      liked: [],
    });
  });

  it('makes a list anew when the index has moved', async () => {
    const listener = '0'.repeat(64);
    await processes[0]!.record(listener, numbered(1, 'like', ids[3]!));
    await settled();
    index = { ...fakeCollection(fakeTracks(40), () => ''), index: 'index-2' };
    const list = await processes[1]!.recommendations(listener);
    expect(list).toMatchObject({
      index: 'index-2',
      ...(await expected([numbered(1, 'like', ids[3]!)], index)),
    });
    index = live;
  });

  it('stores nothing of somebody who only looks', async () => {
    const listener = '9'.repeat(64);
    expect((await processes[0]!.recommendations(listener)).tracks).toHaveLength(20);
    expect(await backend.documents.get('recommendations', listener)).toBeNull();
  });
});

it('an event that the queue does not take in time is refused, so that it is sent again', async () => {
  const silent = {
    activity: { add: () => new Promise(() => {}) },
    createWorker: () => ({ on() {}, async close() {} }),
  } as unknown as Queues;
  const activity = startListenerActivity({
    queues: silent,
    documents: {} as Documents,
    collection: async () => live,
    shared: false,
    onError: () => {},
  });
  await expect(activity.record('a', numbered(1, 'like', ids[3]!))).rejects.toMatchObject({
    code: 'QUEUE_UNREACHABLE',
  });
});

it('the last list to be written has seen all events, however writers overtake each other', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const memory = memoryOfListeners();
    let turn = seed;
    // Each step of a writer takes another time.
    const pause = () => {
      turn = (turn * 16_807) % 2_147_483_647;
      return sleep(turn % 4);
    };
    const slow: typeof memory = {
      ...memory,
      events: async (listener) => pause().then(() => memory.events(listener)),
      keepList: async (listener, list) => pause().then(() => memory.keepList(listener, list)),
    };
    await Promise.all(
      EVENTS.slice(0, 12).map(async (event) => {
        await pause();
        await memory.addEvent('x', event);
        await updateRecommendations(slow, async () => live, 'x');
      }),
    );
    expect(await memory.list('x'), `seed ${seed}`).toMatchObject(await expected(EVENTS.slice(0, 12)));
  }
});
