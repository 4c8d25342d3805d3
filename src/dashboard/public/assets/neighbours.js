import { ApiError, ask } from './api.js';
import { byId, keyedList, part, setText } from './dom.js';
import { drawTile } from './tile.js';
import { createTrackRow } from './track-row.js';
import { subtitleOf, titleOf } from './track-words.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('./api.js').SimilarTrack} SimilarTrack */

const SHOWN = 20;

/**
 * The list of what sounds like the track that plays.
 *
 * @param {(track: CollectionTrack, list: readonly CollectionTrack[]) => void} play
 * @param {() => void} onShown Called after the rows have changed.
 * @returns {(track: CollectionTrack) => Promise<void>} Shows the neighbours of a track.
 */
export function createNeighbours(play, onShown) {
  const section = byId('neighbours');
  const message = part(section, 'message');
  const seed = part(section, 'seed');
  const showTracks = keyedList(
    part(section, 'tracks'),
    (/** @type {SimilarTrack} */ track) => track.id,
    () =>
      createTrackRow(
        (/** @type {SimilarTrack} */ track) => play(track, listed),
        (track) => track.distance.toFixed(2),
        { likenessOf: (track) => track.similarity },
      ),
  );
  /** @type {readonly SimilarTrack[]} */
  let listed = [];
  let request = new AbortController();

  /**
   * @param {SimilarTrack[]} tracks
   * @param {string} text
   */
  function show(tracks, text) {
    setText(message, text);
    message.hidden = text === '';
    part(section, 'legend').hidden = tracks.length === 0;
    listed = tracks;
    showTracks(tracks);
    onShown();
  }

  return async (track) => {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    seed.hidden = false;
    drawTile(part(seed, 'tile'), track);
    setText(part(seed, 'title'), titleOf(track));
    setText(part(seed, 'subtitle'), subtitleOf(track));
    try {
      /** @type {{body: {results: SimilarTrack[]}}} */
      const { body } = await ask(`/tracks/${encodeURIComponent(track.id)}/similar?k=${SHOWN}`, { signal });
      show(body.results, body.results.length === 0 ? 'The library holds no other track.' : '');
      section.scrollTo({ top: 0 });
    } catch (error) {
      if (!signal.aborted) show([], error instanceof ApiError ? error.message : String(error));
    }
  };
}
