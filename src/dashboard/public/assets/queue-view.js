import { byId, copyTemplate, keyedList, part, setText } from './dom.js';
import { formatClock, formatCount, formatSpan } from './format.js';
import { drawTile } from './tile.js';
import { subtitleOf, titleOf } from './track-words.js';

/** @typedef {import('./playback.js').Playback} Playback */
/** @typedef {import('./queue.js').Entry} Entry */

/**
 * The queue: what was played, what plays and what comes. Its rows are moved by their handles, with the pointer or with
 * the arrow keys.
 *
 * @param {Playback} playback
 */
export function startQueueView(playback) {
  const section = byId('queue');
  const list = part(section, 'tracks');
  const message = part(section, 'message');
  const status = part(section, 'status');
  const showRows = keyedList(
    list,
    (/** @type {Entry} */ entry) => String(entry.key),
    () => createQueueRow(playback, (row, entry) => drag(playback, list, row, entry), announce),
  );

  /** @param {string} text */
  function announce(text) {
    setText(status, text);
  }

  function show() {
    const { entries, position } = playback.queue();
    showRows(entries);
    [...list.children].forEach((row, place) => {
      const track = /** @type {Element} */ (row.firstElementChild);
      if (place === position) track.setAttribute('aria-current', 'true');
      else track.removeAttribute('aria-current');
      row.toggleAttribute('data-played', place < position);
    });
    message.hidden = entries.length > 0;
    const left = entries.slice(position + 1);
    const seconds = left.reduce((sum, { track }) => sum + track.seconds, 0);
    setText(
      part(section, 'count'),
      left.length > 0 ? `${formatCount(left.length, 'track')} to come, ${formatSpan(seconds)}` : '',
    );
    part(section, 'tools').hidden = entries.length === 0;
  }

  part(section, 'clear').addEventListener('click', () => {
    playback.clear();
    announce('The queue is cleared.');
  });
  playback.on('queue', show);
  show();
}

/**
 * @param {Playback} playback
 * @param {(row: HTMLElement, entry: Entry) => void} startDrag
 * @param {(text: string) => void} announce
 * @returns {{node: HTMLElement, update(entry: Entry): void}}
 */
function createQueueRow(playback, startDrag, announce) {
  const node = copyTemplate('track-row');
  part(node, 'more').replaceWith(copyTemplate('queue-tools'));
  const grip = part(node, 'grip');
  const removal = part(node, 'remove');
  /** @type {Entry} */
  let shown;

  node.firstElementChild?.addEventListener('click', () => {
    const { entries, position } = playback.queue();
    if (entries[position]?.key === shown.key) playback.toggle();
    else playback.playEntry(shown.key);
  });
  grip.addEventListener('keydown', (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const place = playback.queue().entries.findIndex(({ key }) => key === shown.key) + by;
    playback.move(shown.key, place);
    // The row may have left the page for a moment.
    grip.focus();
    const { length } = playback.queue().entries;
    announce(`${titleOf(shown.track)}: place ${Math.max(1, Math.min(place + 1, length))} of ${length}`);
  });
  grip.addEventListener('pointerdown', (event) => {
    if (event.button === 0) startDrag(node, shown);
  });
  removal.addEventListener('click', () => {
    const beside = node.nextElementSibling ?? node.previousElementSibling;
    playback.remove(shown.key);
    if (beside) /** @type {HTMLElement} */ (part(beside, 'remove')).focus();
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
      removal.setAttribute('aria-label', `Remove ${titleOf(track)} from the queue`);
    },
  };
}

/**
 * Moves an entry along with the pointer, until that is let go.
 *
 * @param {Playback} playback
 * @param {HTMLElement} list
 * @param {HTMLElement} row
 * @param {Entry} entry
 */
function drag(playback, list, row, entry) {
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
    if (place !== at) playback.move(entry.key, place);
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
