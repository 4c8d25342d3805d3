import { byId } from './dom.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {{label: string, run(track: CollectionTrack): void}} TrackAction */

/** Pixels between the menu and the window's edge. */
const MARGIN = 8;

/** @type {TrackAction[]} */
const actions = [];

/** Adds entries to the menu that every row of a track list has. @param {TrackAction[]} added */
export function addTrackActions(...added) {
  actions.push(...added);
}

/**
 * Opens the menu of a track below the button that was pressed. Arrow keys go through it, Escape closes it.
 *
 * @param {HTMLElement} button
 * @param {CollectionTrack} track
 */
export function openTrackMenu(button, track) {
  const menu = byId('track-menu');
  const items = actions.map(({ label, run }) => {
    const item = document.createElement('button');
    item.type = 'button';
    item.role = 'menuitem';
    item.textContent = label;
    item.addEventListener('click', () => {
      menu.hidePopover();
      run(track);
    });
    return item;
  });
  menu.replaceChildren(...items);
  menu.showPopover();
  const place = button.getBoundingClientRect();
  const below = place.bottom + menu.offsetHeight + MARGIN < innerHeight;
  menu.style.top = `${below ? place.bottom : Math.max(MARGIN, place.top - menu.offsetHeight)}px`;
  menu.style.left = `${Math.max(MARGIN, place.right - menu.offsetWidth)}px`;
  items[0]?.focus();
}

/** Makes the arrow keys go through the menu. */
export function startTrackMenu() {
  const menu = byId('track-menu');
  menu.addEventListener('keydown', (event) => {
    const items = /** @type {HTMLElement[]} */ ([...menu.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const places = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
    const place = places[event.key];
    if (event.key === 'Tab') menu.hidePopover();
    if (place === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    items[place % items.length].focus();
  });
}
