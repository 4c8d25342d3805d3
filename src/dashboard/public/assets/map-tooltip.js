import { ask } from './api.js';
import { part, setText } from './dom.js';
import { subtitleOf, titleOf } from './track-words.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

/** Milliseconds that the mouse rests on a point before its track is asked for. */
const REST = 60;

/** Tracks kept, so that the way back costs nothing. */
const KEPT = 500;

/**
 * The name of the track that is pointed at.
 *
 * @param {HTMLElement} node
 * @param {(track: CollectionTrack) => void} play
 */
export function createTooltip(node, play) {
  /** @type {Map<string, Promise<CollectionTrack>>} */
  const known = new Map();
  /** @type {string | null} */
  let pointed = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;

  /** @param {string} id @returns {Promise<CollectionTrack>} */
  function trackOf(id) {
    const found = known.get(id) ?? ask(`/tracks/${encodeURIComponent(id)}`).then(({ body }) => body);
    known.set(id, /** @type {Promise<CollectionTrack>} */ (found));
    if (known.size > KEPT) known.delete(/** @type {string} */ (known.keys().next().value));
    found.catch(() => known.delete(id));
    return /** @type {Promise<CollectionTrack>} */ (found);
  }

  /** @param {string} id */
  async function name(id) {
    const track = await trackOf(id).catch(() => null);
    if (id !== pointed || !track) return;
    setText(part(node, 'title'), titleOf(track));
    setText(part(node, 'subtitle'), [subtitleOf(track), track.genre].filter(Boolean).join(' · '));
    node.hidden = false;
  }

  return {
    /** @param {string | null} id Null hides it. */
    show(id) {
      pointed = id;
      node.hidden = true;
      clearTimeout(resting);
      if (id !== null) resting = setTimeout(name, known.has(id) ? 0 : REST, id);
    },
    /** @param {[number, number]} place @param {number} width Of the stage: the name stays within it. */
    moveTo([x, y], width) {
      node.classList.toggle('leftward', x > width / 2);
      node.style.transform = `translate(${x}px, ${y}px)`;
    },
    /** Plays the track that is pointed at. */
    async play() {
      if (pointed === null) return;
      const track = await trackOf(pointed).catch(() => null);
      if (track) play(track);
    },
  };
}
