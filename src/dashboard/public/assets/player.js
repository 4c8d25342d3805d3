import { createPlayTeller } from './activity.js';
import { createAudioControls } from './audio-controls.js';
import { byId } from './dom.js';
import { startForYou } from './for-you.js';
import { startLibrary } from './library.js';
import { createNeighbours } from './neighbours.js';
import { startOpinionKeys } from './opinions.js';
import { markCurrent } from './track-row.js';
import { startViews } from './views.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

const controls = createAudioControls(createPlayTeller());
const mark = () => markCurrent(controls.currentId());
const showNeighbours = createNeighbours(play, mark);
startLibrary(play, mark);
startForYou(play, mark);
startOpinionKeys();
startViews();

/** @param {CollectionTrack} track The one that plays already is paused. */
function play(track) {
  if (track.id === controls.currentId()) return controls.toggle();
  controls.play(track);
  mark();
  showNeighbours(track);
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.matches('input[type=search]')) {
    if (event.key === 'ArrowDown') moveFocus(event, document.querySelector('#library .track'));
    return;
  }
  if (event.key === '/') moveFocus(event, byId('search'));
  else if (event.key === ' ' && !target.matches('button, a, input')) {
    // Instead of scrolling by a page.
    event.preventDefault();
    controls.toggle();
  } else if (target.matches('.track')) {
    const row = target.parentElement;
    if (event.key === 'ArrowDown') moveFocus(event, row?.nextElementSibling?.querySelector('.track'));
    if (event.key === 'ArrowUp') moveFocus(event, row?.previousElementSibling?.querySelector('.track'));
  }
});

/**
 * @param {KeyboardEvent} event
 * @param {Element | null | undefined} element
 */
function moveFocus(event, element) {
  if (!element) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (element).focus();
}
