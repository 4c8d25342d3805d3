import { keyedList } from './dom.js';
import { createTrackRow } from './track-row.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('./api.js').SimilarTrack} SimilarTrack */

/**
 * A list of tracks that sound like something, each with its distance and why.
 *
 * @param {HTMLElement} list
 * @param {(track: CollectionTrack, list: readonly CollectionTrack[]) => void} play
 * @returns {(tracks: SimilarTrack[]) => void} Shows others.
 */
export function createSimilarTracks(list, play) {
  /** @type {SimilarTrack[]} */
  let listed = [];
  const showTracks = keyedList(
    list,
    (/** @type {SimilarTrack} */ track) => track.id,
    () =>
      createTrackRow(
        (/** @type {SimilarTrack} */ track) => play(track, listed),
        (track) => track.distance.toFixed(2),
        { likenessOf: (track) => track.similarity, whyOf: (track) => track.why },
      ),
  );
  return (tracks) => {
    listed = tracks;
    showTracks(tracks);
  };
}
