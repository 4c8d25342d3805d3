import { copyTemplate, keyedList, part, setText } from './dom.js';
import { titleOf } from './track-words.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

/**
 * The tracks that neighbours are to sound like beside the one that plays, as chips that take them out again.
 *
 * @param {HTMLElement} list
 * @param {() => void} onChange
 */
export function createSeeds(list, onChange) {
  /** @type {CollectionTrack[]} */
  let seeds = [];
  const showChips = keyedList(
    list,
    (/** @type {CollectionTrack} */ track) => track.id,
    () => {
      const node = copyTemplate('seed-chip');
      /** @type {CollectionTrack} */
      let shown;
      const remove = part(node, 'remove');
      remove.addEventListener('click', () => set(seeds.filter(({ id }) => id !== shown.id)));
      return {
        node,
        update(/** @type {CollectionTrack} */ track) {
          shown = track;
          setText(part(node, 'name'), titleOf(track));
          remove.setAttribute('aria-label', `Without ${titleOf(track)}`);
        },
      };
    },
  );

  /** @param {CollectionTrack[]} next */
  function set(next) {
    seeds = next;
    showChips(seeds);
    list.hidden = seeds.length === 0;
    onChange();
  }

  return {
    all: () => seeds,
    /** @param {CollectionTrack} track */
    add(track) {
      if (!seeds.some(({ id }) => id === track.id)) set([...seeds, track]);
    },
  };
}
