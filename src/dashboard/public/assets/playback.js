import { createAudioOutput } from './audio-output.js';
import { recall, remember } from './playback-memory.js';
import * as queues from './queue.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('./queue.js').Queue} Queue */

/**
 * What the player tells:
 *
 * - `track`: another track is in the player, or none;
 * - `queue`: the queue has changed, or how it is played;
 * - `state`, `time`, `volume`, `fault`: it plays or not, at which second, how loudly, what went wrong;
 * - `left`: the track before was played to its end, or left for another one;
 * - `end`: the last track has come to its end.
 *
 * @typedef {object} PlaybackEvents
 * @property {null} track
 * @property {null} queue
 * @property {null} state
 * @property {null} time
 * @property {null} volume
 * @property {null} fault
 * @property {{track: CollectionTrack, seconds: number, completed: boolean}} left
 * @property {null} end
 */

/** Seconds before the end at which the next track is loaded. */
const PREPARE = 20;

/** Seconds from which on "previous" begins the track again. */
const RESTART = 3;

/** Seconds between two times that the position is kept. */
const KEEP_EVERY = 5;

/** Tracks that may fail one after the other, before it is the player or the network that must be at fault. */
const FAILURES = 3;

/** @typedef {ReturnType<typeof createPlayback>} Playback */

/** The player: a queue and what plays of it. It begins with what a visit before has left. */
export function createPlayback() {
  /** @type {{[Name in keyof PlaybackEvents]?: ((detail: PlaybackEvents[Name]) => void)[]}} */
  const listeners = {};
  const memory = recall(localStorage);
  let { queue, volume } = memory;
  let keptAt = memory.seconds;
  let failures = 0;
  let fault = '';
  const output = createAudioOutput((event) => {
    if (event === 'error') fail();
    else if (event === 'ended') finish();
    else if (event === 'time') passTime();
    else {
      if (!output.isPaused() && output.position() > 0) failures = 0;
      tell('state', null);
    }
  });
  output.setVolume(volume);
  const track = () => queues.currentEntry(queue)?.track ?? null;
  const restored = track();
  if (restored) output.load(restored, memory.seconds);

  /**
   * @template {keyof PlaybackEvents} Name
   * @param {Name} name
   * @param {PlaybackEvents[Name]} detail
   */
  function tell(name, detail) {
    for (const listener of listeners[name] ?? []) listener(detail);
  }

  const keep = () => remember(localStorage, { queue, seconds: output.position(), volume });

  function passTime() {
    if (Math.abs(output.position() - keptAt) >= KEEP_EVERY) {
      keptAt = output.position();
      keep();
    }
    if (length() - output.position() < PREPARE) {
      const next = queues.forward(queue, false);
      const following = next && queues.currentEntry(next);
      if (following && next !== queue) output.prepare(following.track);
    }
    tell('time', null);
  }

  // The file's own length, where its header tells it; else the length that was analysed.
  const length = () => output.length() ?? track()?.seconds ?? 0;

  /**
   * Takes a queue over, and plays its entry where that is another one.
   *
   * @param {Queue} next
   * @param {{start?: boolean, completed?: boolean}} [how] `start`: also where the entry is the same.
   */
  function take(next, { start = false, completed = false } = {}) {
    const before = queues.currentEntry(queue);
    const seconds = output.position();
    const playing = !output.isPaused() || completed;
    queue = next;
    const now = queues.currentEntry(queue);
    if (now !== null && (start || now.key !== before?.key)) {
      if (before) tell('left', { track: before.track, seconds, completed });
      output.load(now.track);
      if (start || playing) output.play();
      tell('track', null);
    } else if (now === null && before) {
      output.unload();
      tell('track', null);
      tell('state', null);
    }
    keep();
    tell('queue', null);
  }

  /** @param {string} text */
  function setFault(text) {
    fault = text;
    tell('fault', null);
  }

  function finish() {
    const next = queues.forward(queue, false);
    if (next) {
      setFault('');
      return take(next, { start: true, completed: true });
    }
    const last = track();
    if (last) tell('left', { track: last, seconds: length(), completed: true });
    tell('state', null);
    tell('end', null);
  }

  function fail() {
    const broken = track();
    if (!broken) return;
    failures++;
    const next = failures < FAILURES ? queues.forward({ ...queue, repeat: 'off' }, true) : null;
    // An element that met an error still counts as playing.
    output.pause();
    const name = broken.title ?? broken.path.slice(broken.path.lastIndexOf('/') + 1);
    setFault(next ? `Skipped “${name}”, which cannot be played here.` : 'This file cannot be played here.');
    if (next) take({ ...next, repeat: queue.repeat }, { start: true });
    else {
      failures = 0;
      tell('state', null);
    }
  }

  function resume() {
    if (!track()) return;
    setFault('');
    // From the end a press begins anew, as with every player.
    output.play();
  }

  addEventListener('pagehide', keep);

  return {
    /**
     * @template {keyof PlaybackEvents} Name
     * @param {Name} name
     * @param {(detail: PlaybackEvents[Name]) => void} listener
     */
    on(name, listener) {
      const others = /** @type {((detail: PlaybackEvents[Name]) => void)[]} */ (listeners[name] ?? []);
      Object.assign(listeners, { [name]: [...others, listener] });
    },

    queue: () => queue,
    track,
    isPlaying: () => !output.isPaused(),
    position: output.position,
    length,
    volume: () => volume,
    fault: () => fault,

    /** Plays a list from one of its tracks on. @param {readonly CollectionTrack[]} tracks @param {number} at */
    playList(tracks, at) {
      setFault('');
      take(queues.playList(queue, tracks, at), { start: true });
    },
    /** @param {number} key Of an entry of the queue. */
    playEntry(key) {
      setFault('');
      take(queues.goTo(queue, key), { start: true });
    },
    /** @param {readonly CollectionTrack[]} tracks */
    playNext: (tracks) => take(queues.playNext(queue, tracks)),
    /** @param {readonly CollectionTrack[]} tracks */
    enqueue: (tracks) => take(queues.enqueue(queue, tracks)),
    /** @param {readonly CollectionTrack[]} tracks */
    append: (tracks) => take(queues.append(queue, tracks)),
    /** @param {number} key */
    remove: (key) => take(queues.remove(queue, key)),
    /** @param {number} key @param {number} place */
    move: (key, place) => take(queues.move(queue, key, place)),
    clear: () => take(queues.clear(queue)),
    /** @param {boolean} shuffled */
    setShuffled: (shuffled) => take(shuffled ? queues.shuffle(queue) : queues.unshuffle(queue)),
    /** @param {queues.Repeat} repeat */
    setRepeat: (repeat) => take({ ...queue, repeat }),

    resume,
    pause: () => output.pause(),
    toggle: () => (output.isPaused() ? resume() : output.pause()),
    /** Ends the playing, and goes back to the beginning of the track. */
    stop() {
      output.pause();
      output.seek(0);
      tell('time', null);
    },
    next() {
      const next = queues.forward(queue, true);
      setFault('');
      if (next) take(next, { start: true });
    },
    previous() {
      const before = output.position() < RESTART ? queues.back(queue) : null;
      setFault('');
      if (before) take(before, { start: true });
      else output.seek(0);
    },
    /** @param {number} seconds */
    seek(seconds) {
      output.seek(Math.max(0, Math.min(seconds, length())));
      tell('time', null);
    },
    /** @param {number} value 0 to 1. */
    setVolume(value) {
      volume = value;
      output.setVolume(value);
      keep();
      tell('volume', null);
    },
  };
}
