import { ApiError, ask } from './api.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('../../../store/listener-documents.ts').TrackEvent['action']} Action */
/** @typedef {{action: Action, track: CollectionTrack}} Told */

/** Milliseconds before an event is sent again that perhaps did not arrive. */
const PAUSES = [500, 2_000, 8_000];

/** Events whose cause is remembered, for the list that answers them to say so. */
const REMEMBERED = 20;

/** @type {Map<string, Told>} */
const told = new Map();

/**
 * Tells the server what the listener does. It may arrive twice, as it keeps its id when it is sent again.
 *
 * @param {Action} action
 * @param {CollectionTrack} track
 * @param {number} [position] Seconds into the track.
 * @throws {ApiError}
 */
export async function tell(action, track, position) {
  const id = crypto.randomUUID();
  told.set(id, { action, track });
  for (const old of [...told.keys()].slice(0, -REMEMBERED)) told.delete(old);
  const body = JSON.stringify({ id, event: action, track: track.id, position });
  const headers = { 'Content-Type': 'application/json' };
  for (const pause of [...PAUSES, null]) {
    try {
      // It outlives the page: what is left last is told as well.
      await ask('/listeners/me/activity', { method: 'POST', headers, body, keepalive: true });
      return;
    } catch (error) {
      const again = error instanceof ApiError && ['UNREACHABLE', 'QUEUE_UNREACHABLE'].includes(error.code);
      if (!again || pause === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * What this page told in an event; undefined where another page did, or long ago.
 *
 * @param {string | null} event
 */
export const toldIn = (event) => (event === null ? undefined : told.get(event));

/**
 * Tells of what plays. Nothing on the page waits for it, and a play that is not counted is no fault to tell of.
 *
 * @returns What to call when a track has begun, and when it was left for another one or has ended.
 */
export function createPlayTeller() {
  /** @type {string | null} */
  let playing = null;
  return {
    /** @param {CollectionTrack} track May be called again when it goes on after a pause. */
    started(track) {
      if (playing === track.id) return;
      playing = track.id;
      tell('play', track).catch(() => {});
    },
    /** @param {{track: CollectionTrack, seconds: number, completed: boolean}} left */
    left({ track, seconds, completed }) {
      // One that was in the player from a visit before, and did not play in this one.
      if (playing !== track.id) return;
      playing = null;
      tell(completed ? 'complete' : 'skip', track, seconds).catch(() => {});
    },
  };
}
