/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

/** Address of a track's audio. @param {{id: string}} track */
export const audioAddress = ({ id }) => `/api/tracks/${encodeURIComponent(id)}/audio`;

/**
 * The sound: two <audio> elements, of which one plays, and the other loads what comes next, so that it follows at once.
 *
 * @param {(event: 'time' | 'state' | 'ended' | 'error') => void} tell Of the element that plays.
 */
export function createAudioOutput(tell) {
  let [playing, waiting] = [new Audio(), new Audio()];
  for (const element of [playing, waiting]) {
    element.preload = 'auto';
    /** @type {[string[], 'time' | 'state' | 'ended' | 'error'][]} */
    const events = [
      [['timeupdate', 'durationchange', 'seeked'], 'time'],
      [['play', 'pause', 'playing'], 'state'],
      [['ended'], 'ended'],
      [['error'], 'error'],
    ];
    for (const [names, event] of events) {
      for (const name of names) {
        element.addEventListener(name, () => {
          if (element === playing) tell(event);
        });
      }
    }
  }
  /** Seconds to go to as soon as the file's header is there. @type {number} */
  let start = 0;
  for (const element of [playing, waiting]) {
    element.addEventListener('loadedmetadata', () => {
      if (element !== playing || start === 0) return;
      element.currentTime = start;
      start = 0;
    });
  }

  return {
    /** @param {CollectionTrack} track @param {number} [seconds] Where to begin. */
    load(track, seconds = 0) {
      const address = audioAddress(track);
      if (waiting.getAttribute('src') === address && !waiting.error && seconds === 0) {
        playing.pause();
        [playing, waiting] = [waiting, playing];
        playing.currentTime = 0;
        waiting.removeAttribute('src');
        waiting.load();
      } else {
        start = seconds;
        playing.src = address;
      }
    },
    /** Loads what will come next. @param {CollectionTrack} track */
    prepare(track) {
      const address = audioAddress(track);
      if (waiting.getAttribute('src') !== address) waiting.src = address;
    },
    play() {
      // After an error the file has to be asked for again.
      if (playing.error) playing.load();
      // It rejects for a file that cannot be played, which `error` tells, where the browser wants a click first, and
      // when the next track comes in between, which is no fault.
      playing.play().catch(() => tell('state'));
    },
    pause: () => playing.pause(),
    /** Ends the sound and lets go of the files. */
    unload() {
      for (const element of [playing, waiting]) {
        element.removeAttribute('src');
        element.load();
      }
    },
    /** @param {number} seconds */
    seek(seconds) {
      if (playing.readyState === 0) start = seconds;
      else playing.currentTime = seconds;
    },
    /** @param {number} volume 0 to 1. */
    setVolume(volume) {
      for (const element of [playing, waiting]) element.volume = volume;
    },
    isPaused: () => playing.paused,
    /** Seconds into the track. */
    position: () => (playing.readyState === 0 ? start : playing.currentTime),
    /** Seconds by the file's own header, where it tells. @returns {number | null} */
    length: () => (Number.isFinite(playing.duration) ? playing.duration : null),
  };
}
