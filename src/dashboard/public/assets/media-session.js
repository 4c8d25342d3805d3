import { coverPicture } from './tile.js';
import { titleOf } from './track-words.js';

/** @typedef {import('./playback.js').Playback} Playback */

/** Seconds of a jump where the system names none. */
const JUMP = 10;

/**
 * Media keys, headsets and the lock screen: shows there what plays, and obeys their buttons (W3C Media Session).
 *
 * @param {Playback} playback
 */
export function startMediaSession(playback) {
  const session = navigator.mediaSession;
  if (!session) return;

  /** @type {Partial<Record<MediaSessionAction, MediaSessionActionHandler>>} */
  const actions = {
    play: playback.resume,
    pause: playback.pause,
    stop: playback.stop,
    nexttrack: playback.next,
    previoustrack: playback.previous,
    seekto: ({ seekTime }) => playback.seek(seekTime ?? 0),
    seekforward: ({ seekOffset }) => playback.seek(playback.position() + (seekOffset ?? JUMP)),
    seekbackward: ({ seekOffset }) => playback.seek(playback.position() - (seekOffset ?? JUMP)),
  };
  for (const [action, act] of Object.entries(actions)) {
    try {
      session.setActionHandler(/** @type {MediaSessionAction} */ (action), act);
    } catch {
      // A browser may know fewer actions.
    }
  }

  function showTrack() {
    const track = playback.track();
    session.metadata =
      track &&
      new MediaMetadata({
        title: titleOf(track),
        artist: track.artist ?? '',
        album: track.album ?? '',
        artwork: [{ src: coverPicture(track), sizes: '512x512', type: 'image/png' }],
      });
    showPosition();
  }

  function showPosition() {
    const [duration, position] = [playback.length(), playback.position()];
    // A position beyond the end is an error to it.
    if (duration > 0) session.setPositionState({ duration, position: Math.min(position, duration) });
  }

  function showState() {
    session.playbackState = !playback.track() ? 'none' : playback.isPlaying() ? 'playing' : 'paused';
    showPosition();
  }

  playback.on('track', showTrack);
  playback.on('state', showState);
  for (const show of [showTrack, showState]) show();
}
