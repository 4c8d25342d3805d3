const KEY = 'soundalike.heard';

/** Raised with the form of what is kept; what another version kept is passed over. */
const VERSION = 1;

/** Tracks that are kept, the last ones: some 40 kB, and more than endless play has to choose from. */
const KEPT = 500;

/** @typedef {{id: string, artist: string | null, tempo: number | null}} HeardTrack What of a track the next one is chosen by. */

/**
 * What was heard before the page was loaded, in its order.
 *
 * @param {Pick<Storage, 'getItem'>} storage
 * @returns {HeardTrack[]} None where nothing is kept.
 */
export function recallHeard(storage) {
  try {
    const { version, tracks } = JSON.parse(storage.getItem(KEY) ?? '{}');
    return version === VERSION && Array.isArray(tracks) ? tracks : [];
  } catch {
    // Storage may be forbidden, or somebody has written into it.
    return [];
  }
}

/** @param {Pick<Storage, 'setItem'>} storage @param {readonly HeardTrack[]} heard */
export function rememberHeard(storage, heard) {
  const tracks = heard.slice(-KEPT).map(({ id, artist, tempo }) => ({ id, artist, tempo }));
  try {
    storage.setItem(KEY, JSON.stringify({ version: VERSION, tracks }));
  } catch {
    // Full or forbidden: endless play then knows of this visit alone.
  }
}
