import { copyTemplate, part, setText } from './dom.js';
import { createOpinionButtons } from './opinions.js';
import { drawTile } from './tile.js';
import { openTrackMenu } from './track-menu.js';
import { subtitleOf, titleOf } from './track-words.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

/**
 * A row of a track list; pressing it plays the track. Beside it are the buttons of the listener's opinion, and the one
 * that opens the track's menu.
 *
 * @template {CollectionTrack} Item
 * @param {(track: Item) => void} play
 * @param {(track: Item) => string} figureOf The number at the end of the row.
 * @param {object} [more]
 * @param {(track: Item) => number} [more.likenessOf] 0 to 1, drawn as a bar.
 * @param {(track: Item) => string} [more.whyOf] One line of why it is in the list.
 * @returns {{node: HTMLElement, update(track: Item): void}}
 */
export function createTrackRow(play, figureOf, { likenessOf, whyOf } = {}) {
  const node = copyTemplate('track-row');
  const button = /** @type {HTMLButtonElement} */ (node.firstElementChild);
  const opinions = createOpinionButtons();
  button.after(opinions.node);
  const more = part(node, 'more');
  /** @type {Item} */
  let shown;
  button.addEventListener('click', () => play(shown));
  more.addEventListener('click', () => openTrackMenu(more, shown));
  return {
    node,
    update(track) {
      if (shown?.id !== track.id || shown.cluster !== track.cluster) drawTile(part(node, 'tile'), track);
      shown = track;
      button.dataset.track = track.id;
      setText(part(node, 'title'), titleOf(track));
      more.setAttribute('aria-label', `More for ${titleOf(track)}`);
      setText(part(node, 'subtitle'), subtitleOf(track));
      setText(part(node, 'genre'), track.genre ?? '');
      setText(part(node, 'figure'), figureOf(track));
      opinions.show(track);
      part(node, 'why').hidden = !whyOf;
      if (whyOf) setText(part(node, 'why'), whyOf(track));
      if (likenessOf) part(node, 'likeness').style.setProperty('--share', String(likenessOf(track)));
    },
  };
}

/**
 * Marks the rows of the track that plays.
 *
 * @param {string | null} id
 */
export function markCurrent(id) {
  for (const row of document.querySelectorAll('[data-track]')) {
    if (/** @type {HTMLElement} */ (row).dataset.track === id) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}
