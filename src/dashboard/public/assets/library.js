import { ask, messageOf } from './api.js';
import { byId, keyedList, part, setText } from './dom.js';
import { formatClock, formatCount, formatNumber } from './format.js';
import { createTrackRow } from './track-row.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

const PAGE_SIZE = 50;

/** Milliseconds without a key press before a search; longer than between two letters of a fast typist. */
const TYPING_PAUSE = 150;

/**
 * The list of the library, with its search and its pages.
 *
 * @param {(track: CollectionTrack, list: readonly CollectionTrack[]) => void} play
 * @param {() => void} onShown Called after the rows have changed.
 */
export function startLibrary(play, onShown) {
  const section = byId('library');
  const search = /** @type {HTMLInputElement} */ (byId('search'));
  const previous = /** @type {HTMLButtonElement} */ (part(section, 'previous'));
  const next = /** @type {HTMLButtonElement} */ (part(section, 'next'));
  const message = part(section, 'message');
  const paging = part(section, 'paging');
  const showTracks = keyedList(
    part(section, 'tracks'),
    (/** @type {CollectionTrack} */ track) => track.id,
    () =>
      createTrackRow(
        (track) => play(track, listed),
        (track) => formatClock(track.seconds),
      ),
  );
  /** @type {readonly CollectionTrack[]} */
  let listed = [];
  let offset = 0;
  let request = new AbortController();

  /** @param {number} from */
  async function load(from) {
    // An older answer that comes late must not replace a newer one.
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const query = search.value.trim();
    const parameters = new URLSearchParams({ query, offset: String(from), limit: String(PAGE_SIZE) });
    try {
      /** @type {{body: {total: number, tracks: CollectionTrack[]}}} */
      const { body } = await ask(`/tracks?${parameters}`, { signal });
      offset = from;
      show(body.total, body.tracks, body.total === 0 ? `Nothing in the library matches “${query}”.` : '');
    } catch (error) {
      if (signal.aborted) return;
      show(0, [], messageOf(error));
    }
  }

  /**
   * @param {number} total
   * @param {CollectionTrack[]} tracks
   * @param {string} text
   */
  function show(total, tracks, text) {
    setText(message, text);
    message.hidden = text === '';
    setText(part(section, 'count'), total > 0 ? formatCount(total, 'track') : '');
    setText(
      part(section, 'range'),
      `${formatNumber(offset + 1)}–${formatNumber(offset + tracks.length)} of ${formatNumber(total)}`,
    );
    paging.hidden = total <= PAGE_SIZE;
    previous.disabled = offset === 0;
    next.disabled = offset + tracks.length >= total;
    listed = tracks;
    showTracks(tracks);
    onShown();
  }

  /** @param {number} from */
  async function turnTo(from) {
    await load(from);
    section.scrollTo({ top: 0 });
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(turnTo, TYPING_PAUSE, 0);
  });
  previous.addEventListener('click', () => turnTo(Math.max(0, offset - PAGE_SIZE)));
  next.addEventListener('click', () => turnTo(offset + PAGE_SIZE));
  load(0);
}
