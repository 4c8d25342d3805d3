import { createAudioControls } from './audio-controls.js';
import { byId } from './dom.js';
import { startLibrary } from './library.js';
import { createNeighbours } from './neighbours.js';
import { markCurrent } from './track-row.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

const controls = createAudioControls();
const mark = () => markCurrent(controls.currentId());
const showNeighbours = createNeighbours(play, mark);
startLibrary(play, mark);

/** @param {CollectionTrack} track The one that plays already is paused. */
function play(track) {
  if (track.id === controls.currentId()) return controls.toggle();
  controls.play(track);
  mark();
  showNeighbours(track);
}

// The two lists side by side need a wide screen; on a narrow one these buttons choose between them.
const panes = byId('panes');
const views = /** @type {HTMLButtonElement[]} */ ([...panes.querySelectorAll('button[data-view]')]);
for (const button of views) {
  button.addEventListener('click', () => {
    panes.dataset.view = button.dataset.view;
    for (const other of views) other.setAttribute('aria-pressed', String(other === button));
  });
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
