import type { DashboardPorts } from '../../src/dashboard/ports.ts';
import type { Collection, CollectionTrack } from '../../src/recommend/collection.ts';
import type { SoundSpace } from '../../src/recommend/recommend-for.ts';
import type { ListenerDocuments, ListenerEvent, StoredList } from '../../src/store/listener-documents.ts';
import { updateRecommendations } from '../../src/workers/update-recommendations.ts';

/** Tracks as points on a line, at an eighth of their positions. */
export function lineOf(tracks: CollectionTrack[]): SoundSpace {
  const places = tracks.map((_, row) => Float32Array.of(row / 8));
  return {
    size: tracks.length,
    rowOf: (id) => {
      const row = tracks.findIndex((track) => track.id === id);
      return row < 0 ? undefined : row;
    },
    track: (row) => tracks[row]!,
    vectorOf: (row) => places[row]!,
    async nearest(query, k, excludeRows) {
      const found = places
        .map(([place], row) => ({ row, distance: Math.abs(place! - query[0]!) }))
        .filter(({ row }) => !excludeRows.includes(row))
        .sort((a, b) => a.distance - b.distance || a.row - b.row)
        .slice(0, k);
      return {
        rows: Uint32Array.from(found, ({ row }) => row),
        distances: Float32Array.from(found, ({ distance }) => distance),
      };
    },
    starts: () => places.filter((_, row) => row % 6 === 3),
  };
}

/** What is known of listeners, in memory. */
export function memoryOfListeners(): ListenerDocuments {
  const events = new Map<string, Map<string, ListenerEvent>>();
  const lists = new Map<string, StoredList>();
  const of = (listener: string) => events.get(listener) ?? new Map<string, ListenerEvent>();
  const keyOf = ({ at, id }: ListenerEvent) => `${at} ${id}`;
  return {
    async addEvent(listener, event) {
      events.set(listener, of(listener).set(keyOf(event), event));
    },
    events: async (listener) => [...of(listener).values()],
    async removeEvents(listener, removed) {
      for (const event of removed) of(listener).delete(keyOf(event));
    },
    list: async (listener) => lists.get(listener) ?? null,
    async keepList(listener, list) {
      lists.set(listener, list);
    },
  };
}

/** Deals with what listeners do as soon as it is told, without a queue. */
export function fakeListeners(collection: () => Promise<Collection>): DashboardPorts['listeners'] {
  const store = memoryOfListeners();
  const callbacks: ((listener: string) => void)[] = [];
  return {
    async record(listener, event) {
      await store.addEvent(listener, event);
      await updateRecommendations(store, collection, listener);
      for (const callback of callbacks) callback(listener);
    },
    recommendations: (listener) => updateRecommendations(store, collection, listener),
    onUpdate: (callback) => callbacks.push(callback),
  };
}
