import { ask, messageOf } from './api.js';
import { byId, keyedList, part, setText } from './dom.js';
import { createTrackRow } from './track-row.js';
import { titleOf } from './track-words.js';
import { showView } from './views.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('./api.js').PathTrack} PathTrack */

/** Tracks to choose the end from. */
const OFFERED = 8;

/** Milliseconds without a key press before a search. */
const TYPING_PAUSE = 150;

/**
 * The path from the track that plays to another one, which is searched for here or chosen by a row's menu.
 *
 * @param {(track: CollectionTrack, list: readonly CollectionTrack[]) => void} play
 * @param {(tracks: readonly CollectionTrack[]) => void} playAll
 * @param {() => CollectionTrack | null} playing
 * @param {(path: readonly CollectionTrack[]) => void} onShown Called after the rows have changed; with no track where
 *   there is no path.
 */
export function createPath(play, playAll, playing, onShown) {
  const section = byId('path');
  const message = part(section, 'message');
  const search = /** @type {HTMLInputElement} */ (part(section, 'search'));
  const steps = /** @type {HTMLSelectElement} */ (part(section, 'steps'));
  const start = /** @type {HTMLButtonElement} */ (part(section, 'play'));
  const showOffers = keyedList(
    part(section, 'offers'),
    (/** @type {CollectionTrack} */ track) => track.id,
    () => createTrackRow(leadTo, () => ''),
  );
  const showTracks = keyedList(
    part(section, 'tracks'),
    (/** @type {PathTrack} */ track) => track.id,
    () =>
      createTrackRow(
        (track) => play(track, path),
        (/** @type {PathTrack} */ track) => track.distance?.toFixed(2) ?? '',
        { whyOf: (track) => track.why ?? 'where it begins' },
      ),
  );
  /** @type {CollectionTrack | null} */
  let from = null;
  /** @type {CollectionTrack | null} */
  let to = null;
  /** @type {readonly PathTrack[]} */
  let path = [];
  let request = new AbortController();

  /** An older answer that comes late must not replace a newer one. */
  function renew() {
    request.abort();
    request = new AbortController();
    return request.signal;
  }

  /** @param {{offers?: CollectionTrack[], tracks?: PathTrack[], text?: string}} shown */
  function show({ offers = [], tracks = [], text = '' }) {
    setText(message, text);
    message.hidden = text === '';
    path = tracks;
    start.hidden = tracks.length === 0;
    part(section, 'legend').hidden = tracks.length === 0;
    showOffers(offers);
    showTracks(tracks);
    onShown(path);
  }

  async function offer() {
    const query = search.value.trim();
    const signal = renew();
    if (query === '') return show({});
    try {
      const parameters = new URLSearchParams({ query, limit: String(OFFERED) });
      /** @type {{body: {tracks: CollectionTrack[]}}} */
      const { body } = await ask(`/tracks?${parameters}`, { signal });
      show({
        offers: body.tracks,
        text: body.tracks.length === 0 ? `Nothing in the library matches “${query}”.` : '',
      });
    } catch (error) {
      if (!signal.aborted) show({ text: messageOf(error) });
    }
  }

  async function find() {
    const signal = renew();
    if (!to) return;
    if (!from) return show({ text: 'Play a track first: the path begins with it.' });
    if (from.id === to.id) return show({ text: 'The path begins with this track: choose another end.' });
    try {
      const parameters = new URLSearchParams({ from: from.id, to: to.id, steps: steps.value });
      /** @type {{body: {tracks: PathTrack[]}}} */
      const { body } = await ask(`/path?${parameters}`, { signal });
      show({ tracks: body.tracks });
      section.scrollTo({ top: 0 });
    } catch (error) {
      if (!signal.aborted) show({ text: messageOf(error) });
    }
  }

  /** @param {CollectionTrack} track */
  function leadTo(track) {
    from = playing();
    to = track;
    setText(part(section, 'from'), from ? titleOf(from) : 'Nothing is playing');
    search.value = titleOf(track);
    showView('path');
    find();
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(offer, TYPING_PAUSE);
  });
  steps.addEventListener('change', find);
  start.addEventListener('click', () => playAll(path));

  return {
    leadTo,
    /** A path that is shown stays; without one it will begin with this track. @param {CollectionTrack} track */
    follow(track) {
      if (path.length === 0) setText(part(section, 'from'), titleOf(track));
    },
  };
}
