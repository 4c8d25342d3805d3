import { byId, part, setText } from './dom.js';
import { formatClock } from './format.js';
import { createOpinionButtons } from './opinions.js';
import { drawTile } from './tile.js';
import { subtitleOf, titleOf } from './track-words.js';
import { createWaveform } from './waveform.js';

/** @typedef {import('./playback.js').Playback} Playback */

/** @type {Record<import('./queue.js').Repeat, {next: import('./queue.js').Repeat, label: string}>} */
const REPEATS = {
  off: { next: 'all', label: 'Repeat: off' },
  all: { next: 'one', label: 'Repeat: all' },
  one: { next: 'off', label: 'Repeat: this track' },
};

/**
 * The player's bar: what plays, and the controls of it. A button with a `data-action` works wherever it stands.
 *
 * @param {Playback} playback
 */
export function startPlayerBar(playback) {
  const bar = byId('player');
  const seek = /** @type {HTMLInputElement} */ (part(bar, 'seek'));
  const volume = /** @type {HTMLInputElement} */ (part(bar, 'volume'));
  const showWaveform = createWaveform(part(bar, 'waveform'));
  const opinions = createOpinionButtons();
  part(bar, 'opinions').replaceWith(opinions.node);

  /** @type {Record<string, () => void>} */
  const actions = {
    toggle: playback.toggle,
    stop: playback.stop,
    next: playback.next,
    previous: playback.previous,
    shuffle: () => playback.setShuffled(playback.queue().unshuffled === null),
    repeat: () => playback.setRepeat(REPEATS[playback.queue().repeat].next),
  };
  /** @param {string} action @returns {NodeListOf<HTMLButtonElement>} */
  const buttons = (action) => document.querySelectorAll(`[data-action=${action}]`);
  for (const [action, act] of Object.entries(actions)) {
    for (const button of buttons(action)) button.addEventListener('click', act);
  }

  function showPosition() {
    const [position, length] = [playback.position(), playback.length()];
    seek.max = String(length);
    seek.value = String(position);
    showFill(seek);
    seek.setAttribute('aria-valuetext', `${formatClock(position)} of ${formatClock(length)}`);
    setText(part(bar, 'elapsed'), formatClock(position));
    setText(part(bar, 'length'), formatClock(length));
  }

  function showState() {
    document.body.dataset.state = playback.isPlaying() ? 'playing' : 'paused';
    for (const button of buttons('toggle')) label(button, playback.isPlaying() ? 'Pause' : 'Play');
  }

  function showQueue() {
    const { entries, unshuffled, repeat } = playback.queue();
    const empty = entries.length === 0;
    for (const button of buttons('shuffle')) button.setAttribute('aria-pressed', String(unshuffled !== null));
    for (const button of buttons('repeat')) {
      label(button, REPEATS[repeat].label);
      button.dataset.repeat = repeat;
    }
    for (const action of ['toggle', 'stop', 'next', 'previous']) {
      for (const button of buttons(action)) button.disabled = empty;
    }
    seek.disabled = empty;
  }

  function showTrack() {
    const track = playback.track();
    setText(part(bar, 'title'), track ? titleOf(track) : 'Nothing is playing');
    setText(part(bar, 'subtitle'), track ? subtitleOf(track) : 'Choose a track');
    document.title = track ? `${titleOf(track)} · soundalike` : 'soundalike';
    opinions.node.hidden = !track;
    if (track) {
      opinions.show(track);
      drawTile(part(bar, 'tile'), track);
      showWaveform(track);
    } else {
      part(bar, 'tile').replaceChildren();
      part(bar, 'waveform').removeAttribute('data-drawn');
    }
    showPosition();
  }

  function showVolume() {
    volume.value = String(playback.volume());
    showFill(volume);
  }

  seek.addEventListener('input', () => playback.seek(Number(seek.value)));
  volume.addEventListener('input', () => playback.setVolume(Number(volume.value)));
  playback.on('track', showTrack);
  playback.on('time', showPosition);
  playback.on('state', showState);
  playback.on('queue', showQueue);
  playback.on('volume', showVolume);
  playback.on('fault', () => setText(part(bar, 'fault'), playback.fault()));
  for (const show of [showTrack, showState, showQueue, showVolume]) show();
}

/** Names a button, for the eye and for a screen reader. @param {HTMLElement} button @param {string} text */
function label(button, text) {
  button.setAttribute('aria-label', text);
  button.title = text;
}

/** Tells the style sheet how far a slider and what lies behind it are filled. @param {HTMLInputElement} slider */
function showFill(slider) {
  const range = Number(slider.max) - Number(slider.min);
  /** @type {HTMLElement} */ (slider.parentElement).style.setProperty(
    '--share',
    String(range > 0 ? (Number(slider.value) - Number(slider.min)) / range : 0),
  );
}
