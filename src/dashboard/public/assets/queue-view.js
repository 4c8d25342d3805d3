import { byId, part, setText } from './dom.js';
import { formatNumber, formatSpan } from './format.js';
import { createOrderedTracks } from './ordered-tracks.js';

/** @typedef {import('./playback.js').Playback} Playback */

/**
 * The queue: what was played, what plays and what comes.
 *
 * @param {Playback} playback
 * @param {(tracks: readonly import('./api.js').CollectionTrack[]) => void} keep Adds tracks to a playlist.
 */
export function startQueueView(playback, keep) {
  const section = byId('queue');
  const list = part(section, 'tracks');
  const announce = (/** @type {string} */ text) => setText(part(section, 'status'), text);
  const showRows = createOrderedTracks(list, {
    play(key) {
      const { entries, position } = playback.queue();
      if (entries[position]?.key === key) playback.toggle();
      else playback.playEntry(key);
    },
    move: playback.move,
    remove: playback.remove,
    announce,
  });

  function show() {
    const { entries, position } = playback.queue();
    showRows(entries);
    [...list.children].forEach((row, place) => {
      const track = /** @type {Element} */ (row.firstElementChild);
      if (place === position) track.setAttribute('aria-current', 'true');
      else track.removeAttribute('aria-current');
      row.toggleAttribute('data-played', place < position);
    });
    part(section, 'message').hidden = entries.length > 0;
    part(section, 'tools').hidden = entries.length === 0;
    const left = entries.slice(position + 1);
    const seconds = left.reduce((sum, { track }) => sum + track.seconds, 0);
    const text = `${formatNumber(left.length)} to come, ${formatSpan(seconds)}`;
    setText(part(section, 'count'), left.length > 0 ? text : '');
  }

  part(section, 'keep').addEventListener('click', () =>
    keep(playback.queue().entries.map(({ track }) => track)),
  );
  part(section, 'clear').addEventListener('click', () => {
    playback.clear();
    announce('The queue is cleared.');
  });
  /** Scrolls to what plays, and the track before it, unless somebody is at work in the list. */
  function reveal() {
    const { position } = playback.queue();
    const row = /** @type {HTMLElement | undefined} */ (list.children[Math.max(0, position - 1)]);
    if (row && !section.matches(':hover, :focus-within')) section.scrollTop = row.offsetTop - list.offsetTop;
  }

  let isShown = false;
  new ResizeObserver(([{ contentRect }]) => {
    if (!isShown && contentRect.width > 0) reveal();
    isShown = contentRect.width > 0;
  }).observe(section);
  playback.on('track', reveal);
  playback.on('queue', show);
  show();
}
