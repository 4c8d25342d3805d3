import { copyTemplate, keyedList, part, setText } from './dom.js';
import { formatClock } from './format.js';
import { drawTile } from './tile.js';
import { subtitleOf, titleOf } from './track-words.js';

/** @typedef {{key: number, track: import('./api.js').CollectionTrack}} Entry */

/**
 * What is done with the tracks of a list that a listener puts in order.
 *
 * @typedef {object} OrderActions
 * @property {(key: number) => void} play
 * @property {(key: number, place: number) => void} move
 * @property {(key: number) => void} remove
 * @property {(text: string) => void} announce Tells a screen reader what happened.
 */

/**
 * A list whose rows are moved by their handles, with the pointer or with the arrow keys, and taken out.
 *
 * @param {HTMLElement} list
 * @param {OrderActions} actions
 * @returns {(entries: readonly Entry[]) => void}
 */
export function createOrderedTracks(list, actions) {
  /** @type {readonly Entry[]} */
  let shown = [];
  const placeOf = (/** @type {number} */ key) => shown.findIndex((entry) => entry.key === key);
  const showRows = keyedList(
    list,
    (/** @type {Entry} */ { key }) => String(key),
    () => createRow(list, actions, placeOf),
  );
  return (entries) => {
    shown = entries;
    showRows([...entries]);
  };
}

/**
 * @param {HTMLElement} list
 * @param {OrderActions} actions
 * @param {(key: number) => number} placeOf
 * @returns {{node: HTMLElement, update(entry: Entry): void}}
 */
function createRow(list, { play, move, remove, announce }, placeOf) {
  const node = copyTemplate('track-row');
  part(node, 'more').replaceWith(copyTemplate('order-tools'));
  const grip = part(node, 'grip');
  const removal = part(node, 'remove');
  /** @type {Entry} */
  let shown;

  node.firstElementChild?.addEventListener('click', () => play(shown.key));
  grip.addEventListener('keydown', (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(shown.key, placeOf(shown.key) + by);
    // The row may have left the page for a moment.
    grip.focus();
    announce(`${titleOf(shown.track)}: place ${placeOf(shown.key) + 1} of ${list.children.length}`);
  });
  grip.addEventListener('pointerdown', (event) => {
    if (event.button === 0) drag(list, node, (place) => move(shown.key, place));
  });
  removal.addEventListener('click', () => {
    const beside = node.nextElementSibling ?? node.previousElementSibling;
    remove(shown.key);
    if (beside) part(beside, 'remove').focus();
    announce(`${titleOf(shown.track)} is removed.`);
  });

  return {
    node,
    update(entry) {
      if (shown?.key === entry.key) return;
      shown = entry;
      const { track } = entry;
      drawTile(part(node, 'tile'), track);
      setText(part(node, 'title'), titleOf(track));
      setText(part(node, 'subtitle'), subtitleOf(track));
      setText(part(node, 'figure'), formatClock(track.seconds));
      grip.setAttribute('aria-label', `Move ${titleOf(track)} with the arrow keys`);
      removal.setAttribute('aria-label', `Remove ${titleOf(track)}`);
    },
  };
}

/**
 * Moves a row along with the pointer, until that is let go.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement} row
 * @param {(place: number) => void} moveTo
 */
function drag(list, row, moveTo) {
  const end = new AbortController();
  row.toggleAttribute('data-dragged', true);
  /** @param {PointerEvent} event */
  const follow = ({ clientY }) => {
    const rows = [...list.children];
    const at = rows.indexOf(row);
    // Beyond the middle of a neighbour, it changes places with it.
    const middle = (/** @type {Element} */ one) => {
      const { top, height } = one.getBoundingClientRect();
      return top + height / 2;
    };
    const place = rows.filter((one, i) => i !== at && middle(one) < clientY).length;
    if (place !== at) moveTo(place);
  };
  const stop = () => {
    row.removeAttribute('data-dragged');
    end.abort();
  };
  // Of the document: moving the row in the page would end a capture of the pointer.
  document.addEventListener('pointermove', follow, { signal: end.signal });
  for (const event of ['pointerup', 'pointercancel']) {
    document.addEventListener(event, stop, { signal: end.signal });
  }
}
