import { EMPTY_QUEUE } from './queue.js';

/** @typedef {import('./queue.js').Queue} Queue */

const KEY = 'soundalike.playback';

/** Raised with the form of what is kept; what another version kept is passed over. */
const VERSION = 1;

/** Entries of the queue that are kept, around what plays: a browser gives a page some 5 MB, an entry takes 300 bytes. */
const KEPT_BEFORE = 100;
const KEPT_AFTER = 900;

/**
 * What the player goes on with after a reload.
 *
 * @typedef {{queue: Queue, seconds: number, volume: number}} Memory
 */

/**
 * @param {Pick<Storage, 'getItem'>} storage
 * @returns {Memory} An empty queue at full volume where nothing is kept.
 */
export function recall(storage) {
  const nothing = { queue: EMPTY_QUEUE, seconds: 0, volume: 1 };
  try {
    const { version, ...memory } = JSON.parse(storage.getItem(KEY) ?? '{}');
    return version === VERSION ? { ...nothing, ...memory } : nothing;
  } catch {
    // Storage may be forbidden, or somebody has written into it: the player starts anew.
    return nothing;
  }
}

/** @param {Pick<Storage, 'setItem'>} storage @param {Memory} memory */
export function remember(storage, { queue, seconds, volume }) {
  const from = Math.max(0, queue.position - KEPT_BEFORE);
  const entries = queue.entries.slice(from, queue.position + 1 + KEPT_AFTER);
  const keys = new Set(entries.map(({ key }) => key));
  const kept = {
    ...queue,
    entries,
    position: queue.position - from,
    unshuffled: queue.unshuffled?.filter((key) => keys.has(key)) ?? null,
  };
  try {
    storage.setItem(KEY, JSON.stringify({ version: VERSION, queue: kept, seconds, volume }));
  } catch {
    // Full or forbidden: the music plays all the same.
  }
}
