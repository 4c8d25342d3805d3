import { setText } from './dom.js';

/**
 * Lets a file of the listener's own be heard. It comes from the browser, not from the server.
 *
 * @param {HTMLElement} button Plays and pauses.
 * @param {{toggle(): void}} player Only one of the two is heard.
 */
export function createFileSound(button, player) {
  const audio = new Audio();
  let address = '';

  const playerPlays = () => document.body.dataset.state === 'playing';

  function showState() {
    setText(button, audio.error ? 'This browser cannot play it' : audio.paused ? 'Hear it' : 'Pause');
    button.setAttribute('aria-pressed', String(!audio.paused));
    button.toggleAttribute('disabled', audio.error !== null);
  }

  function unload() {
    audio.pause();
    audio.removeAttribute('src');
    audio.load();
    URL.revokeObjectURL(address);
  }

  for (const event of ['play', 'pause', 'ended', 'error', 'emptied'])
    audio.addEventListener(event, showState);
  button.addEventListener('click', () => {
    if (!audio.paused) return audio.pause();
    if (playerPlays()) player.toggle();
    // It rejects for what cannot be played, which `error` tells, and where the file changes meanwhile.
    audio.play().catch(showState);
  });
  new MutationObserver(() => {
    if (playerPlays()) audio.pause();
  }).observe(document.body, { attributeFilter: ['data-state'] });

  return {
    /** @param {File} file */
    load(file) {
      unload();
      address = URL.createObjectURL(file);
      audio.src = address;
    },
    unload,
  };
}
