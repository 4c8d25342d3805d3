import { byId, part, setText } from './dom.js';
import { formatClock } from './format.js';
import { createOpinionButtons } from './opinions.js';
import { drawTile } from './tile.js';
import { subtitleOf, titleOf } from './track-words.js';
import { createWaveform } from './waveform.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

/**
 * The player's bar: one <audio> element and the controls of it.
 *
 * @param {ReturnType<typeof import('./activity.js').createPlayTeller>} teller
 */
export function createAudioControls(teller) {
  const bar = byId('player');
  const play = /** @type {HTMLButtonElement} */ (part(bar, 'play'));
  const seek = /** @type {HTMLInputElement} */ (part(bar, 'seek'));
  const volume = /** @type {HTMLInputElement} */ (part(bar, 'volume'));
  const fault = part(bar, 'fault');
  const showWaveform = createWaveform(part(bar, 'waveform'));
  const audio = new Audio();
  const opinions = createOpinionButtons();
  part(bar, 'opinions').replaceWith(opinions.node);
  opinions.node.hidden = true;
  /** @type {CollectionTrack | null} */
  let current = null;

  // The file's own length, where its header tells it; else the length that was analysed.
  const length = () => (Number.isFinite(audio.duration) ? audio.duration : (current?.seconds ?? 0));

  function showPosition() {
    seek.max = String(length());
    seek.value = String(audio.currentTime);
    showFill(seek);
    seek.setAttribute('aria-valuetext', `${formatClock(audio.currentTime)} of ${formatClock(length())}`);
    setText(part(bar, 'elapsed'), formatClock(audio.currentTime));
    setText(part(bar, 'length'), formatClock(length()));
  }

  function showState() {
    document.body.dataset.state = audio.paused ? 'paused' : 'playing';
    play.setAttribute('aria-label', audio.paused ? 'Play' : 'Pause');
  }

  function toggle() {
    if (!current) return;
    if (audio.paused) resume();
    else audio.pause();
  }

  /** @param {boolean} completed */
  function leave(completed) {
    if (current) teller.left({ track: current, seconds: audio.currentTime, completed });
  }

  function resume() {
    // After an error the file has to be asked for again.
    if (audio.error) audio.load();
    // It rejects for a file that cannot be played, which the `error` event tells, and when the next track
    // comes in between, which is no fault.
    audio.play().catch(showState);
  }

  for (const event of ['timeupdate', 'durationchange', 'seeked']) audio.addEventListener(event, showPosition);
  for (const event of ['play', 'pause', 'ended']) audio.addEventListener(event, showState);
  audio.addEventListener('error', () => {
    setText(fault, 'This file cannot be played here.');
    // An element that met an error still counts as playing.
    audio.pause();
    showState();
  });
  audio.addEventListener('playing', () => {
    setText(fault, '');
    if (current) teller.started(current);
  });
  audio.addEventListener('ended', () => leave(true));
  play.addEventListener('click', toggle);
  seek.addEventListener('input', () => {
    audio.currentTime = Number(seek.value);
    showPosition();
  });
  volume.addEventListener('input', () => {
    audio.volume = Number(volume.value);
    showFill(volume);
  });
  showFill(volume);
  showState();

  return {
    toggle,
    /** @returns {string | null} Id of the track in the player. */
    currentId: () => current?.id ?? null,
    /** @param {CollectionTrack} track */
    play(track) {
      leave(false);
      current = track;
      opinions.show(track);
      opinions.node.hidden = false;
      audio.src = `/api/tracks/${encodeURIComponent(track.id)}/audio`;
      drawTile(part(bar, 'tile'), track);
      showWaveform(track);
      setText(part(bar, 'title'), titleOf(track));
      setText(part(bar, 'subtitle'), subtitleOf(track));
      setText(fault, '');
      document.title = `${titleOf(track)} · soundalike`;
      play.disabled = false;
      seek.disabled = false;
      showPosition();
      resume();
    },
  };
}

/** Tells the style sheet how far a slider and what lies behind it are filled. @param {HTMLInputElement} slider */
function showFill(slider) {
  const range = Number(slider.max) - Number(slider.min);
  /** @type {HTMLElement} */ (slider.parentElement).style.setProperty(
    '--share',
    String(range > 0 ? (Number(slider.value) - Number(slider.min)) / range : 0),
  );
}
