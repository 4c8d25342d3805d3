import { ask, messageOf } from './api.js';
import { byId, keyedList, part, setText } from './dom.js';
import { formatClock, formatCount, formatNumber } from './format.js';
import { createLibraryChoices } from './library-choices.js';
import { createTrackRow } from './track-row.js';
import { showView } from './views.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {{place: number, track: CollectionTrack}} Placed */

const PAGE_SIZE = 50;

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
  const place = /** @type {HTMLInputElement} */ (part(section, 'place'));
  // Rows stay in their places and change what they show: to make new ones takes several times as long.
  const showTracks = keyedList(
    part(section, 'tracks'),
    (/** @type {Placed} */ { place }) => String(place),
    () => {
      const row = createTrackRow(
        (track) => play(track, listed),
        (track) => formatClock(track.seconds),
      );
      return { node: row.node, update: (/** @type {Placed} */ { track }) => row.update(track) };
    },
  );
  /** @type {readonly CollectionTrack[]} */
  let listed = [];
  let offset = 0;
  /** Where the page that is wanted next begins. @type {number | null} */
  let wanted = null;
  let isAsking = false;
  const choices = createLibraryChoices(section, () => turnTo(0));

  /**
   * Shows the page that is wanted, and then the one that was wanted last in the meantime. So each key press is answered
   * as soon as can be, answers come in their order, and a slow server is not asked for more than it gives.
   *
   * @param {number} from
   */
  async function turnTo(from) {
    wanted = from;
    if (isAsking) return;
    isAsking = true;
    while (wanted !== null) {
      const next = wanted;
      wanted = null;
      await load(next);
    }
    isAsking = false;
  }

  /** @param {number} from */
  async function load(from) {
    const query = search.value.trim();
    const chosen = choices();
    const page = { query, offset: String(from), limit: String(PAGE_SIZE) };
    try {
      /** @type {{body: {total: number, tracks: CollectionTrack[]}}} */
      const { body } = await ask(`/tracks?${new URLSearchParams({ ...chosen, ...page })}`);
      const isTurned = offset !== from;
      offset = from;
      show(body.total, body.tracks, body.total === 0 ? nothing(query) : '');
      if (isTurned || from === 0) section.scrollTop = 0;
    } catch (error) {
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
    place.max = String(Math.ceil(total / PAGE_SIZE) - 1);
    // While it is moved, the page that it stands at is still to come.
    if (wanted === null) place.valueAsNumber = Math.floor(offset / PAGE_SIZE);
    place.setAttribute('aria-valuetext', part(section, 'range').textContent ?? '');
    previous.disabled = offset === 0;
    next.disabled = offset + tracks.length >= total;
    listed = tracks;
    showTracks(tracks.map((track, place) => ({ place, track })));
    onShown();
  }

  search.addEventListener('input', () => {
    // What is searched for is seen, whatever stood in its place.
    showView('library');
    turnTo(0);
  });
  previous.addEventListener('click', () => turnTo(Math.max(0, offset - PAGE_SIZE)));
  next.addEventListener('click', () => turnTo(offset + PAGE_SIZE));
  place.addEventListener('input', () => turnTo(PAGE_SIZE * place.valueAsNumber));
  turnTo(0);
}

/** @param {string} query */
const nothing = (query) =>
  query === '' ? 'Nothing in the library is like that.' : `Nothing in the library matches “${query}”.`;
