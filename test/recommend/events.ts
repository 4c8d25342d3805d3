import { createRandom } from '../../src/search/random.ts';
import { LISTENER_ACTIONS, type ListenerEvent, type TrackEvent } from '../../src/store/listener-documents.ts';

/** An event at a second; the number is its id, too. */
export const numbered = (
  second: number,
  action: TrackEvent['action'],
  track: string,
  position: number | null = null,
): TrackEvent => ({ id: String(second), at: 1_000 * second, action, track, position });

export const forget = (second: number): ListenerEvent => ({
  id: String(second),
  at: 1_000 * second,
  action: 'forget',
});

/** Events of every kind on so many tracks, a few at the same time, and once in a while a `forget`. */
export function randomEvents(count: number, tracks: number, seed: number): ListenerEvent[] {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random.uniform() * limit);
  return Array.from({ length: count }, (_, i): ListenerEvent => {
    const identity = { id: `e${i}`, at: 1_000 * below(count) };
    if (below(count) === 0) return { ...identity, action: 'forget' };
    const action = LISTENER_ACTIONS[below(LISTENER_ACTIONS.length)]!;
    return { ...identity, action, track: `t${below(tracks)}`, position: below(2) ? below(60) : null };
  });
}

export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = createRandom(seed);
  return items
    .map((item) => ({ item, place: random.uniform() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
