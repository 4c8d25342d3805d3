import { ask, messageOf } from './api.js';
import { byId, part, setText } from './dom.js';
import { startDropTarget } from './drop-target.js';
import { createFileSound } from './file-sound.js';
import { formatClock, formatMegabytes } from './format.js';
import { setProgress } from './progress.js';
import { sendFile } from './send-file.js';
import { createSimilarTracks } from './similar-tracks.js';
import { showView } from './views.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('./api.js').SimilarTrack} SimilarTrack */

const SHOWN = 20;

/**
 * Finds what sounds like a file of the listener's own, in the view of what sounds alike.
 *
 * @param {(track: CollectionTrack, list: readonly CollectionTrack[]) => void} play
 * @param {() => void} onShown Called after the rows have changed.
 * @param {{toggle(): void}} player Paused while the file itself is heard.
 */
export function startUpload(play, onShown, player) {
  const panel = byId('upload');
  const progress = part(panel, 'progress');
  const keep = /** @type {HTMLButtonElement} */ (part(panel, 'keep'));
  const sound = createFileSound(part(panel, 'hear'), player);
  const showTracks = createSimilarTracks(part(panel, 'results'), play);
  let request = new AbortController();
  /** @type {string | null} */
  let token = null;

  /** @param {SimilarTrack[]} results */
  function show(results) {
    part(panel, 'legend').hidden = results.length === 0;
    showTracks(results);
    onShown();
  }

  /** @param {string} text @param {boolean} [isFault] */
  function say(text, isFault = false) {
    setText(part(panel, 'state'), text);
    part(panel, 'state').classList.toggle('fault', isFault);
  }

  /** @param {number} share */
  function showSent(share) {
    setProgress(part(panel, 'sent'), share);
    progress.hidden = share === 1;
    say(share === 1 ? 'Listening…' : 'Sending…');
  }

  /** @param {File} file */
  function open(file) {
    request.abort();
    request = new AbortController();
    token = null;
    keep.hidden = true;
    panel.hidden = false;
    showView('neighbours');
    setText(part(panel, 'name'), file.name);
    setText(part(panel, 'details'), formatMegabytes(file.size));
    show([]);
    showSent(0);
    sound.load(file);
    panel.focus({ preventScroll: true });
    byId('neighbours').scrollTo({ top: 0 });
  }

  /** @param {File} file */
  async function find(file) {
    open(file);
    const { signal } = request;
    try {
      const found = await sendFile(file, { count: SHOWN, signal, onSent: showSent });
      token = found.token;
      keep.hidden = token === null;
      setText(part(panel, 'details'), `${formatClock(found.seconds)} · ${formatMegabytes(file.size)}`);
      say(found.results.length === 0 ? 'The library holds no track.' : '');
      show(found.results);
    } catch (error) {
      if (signal.aborted) return;
      progress.hidden = true;
      say(messageOf(error), true);
    }
  }

  function close() {
    request.abort();
    sound.unload();
    panel.hidden = true;
    show([]);
  }

  part(panel, 'close').addEventListener('click', () => {
    close();
    byId('choose-file').focus();
  });
  keep.addEventListener('click', async () => {
    keep.disabled = true;
    try {
      const headers = { 'Content-Type': 'application/json' };
      await ask('/uploads', { method: 'POST', headers, body: JSON.stringify({ token }) });
      keep.hidden = true;
      say('Kept. It joins the library with the next run of the kept files.');
    } catch (error) {
      say(messageOf(error), true);
    }
    keep.disabled = false;
  });
  // Who plays another track than those found wants to see what sounds like that one.
  document.addEventListener('click', ({ target }) => {
    const row = /** @type {Element} */ (target).closest('.track');
    if (row && !panel.hidden && !panel.contains(row)) close();
  });
  startDropTarget(find);
}
