import { startAccount } from './account.js';
import { createPlayTeller } from './activity.js';
import { byId, part } from './dom.js';
import { startEndless } from './endless.js';
import { startForYou } from './for-you.js';
import { startLibrary } from './library.js';
import { createMapView } from './map-view.js';
import { startMediaSession } from './media-session.js';
import { createNeighbours } from './neighbours.js';
import { startOpinionKeys } from './opinions.js';
import { createPath } from './path.js';
import { createPlayback } from './playback.js';
import { startPlayerBar } from './player-bar.js';
import { startPlaylistsView } from './playlists-view.js';
import { startQueueView } from './queue-view.js';
import { startSpectrogram } from './spectrogram.js';
import { addTrackActions, startTrackMenu } from './track-menu.js';
import { markCurrent } from './track-row.js';
import { startUpload } from './upload.js';
import { showView, startViews } from './views.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

const playback = createPlayback();
const mark = () => markCurrent(playback.track()?.id ?? null);
const neighbours = createNeighbours(play, mark);
const map = createMapView((track) => play(track, [track]));
const path = createPath(play, playAll, playback.track, (tracks) => {
  mark();
  map.drawPath(tracks.map(({ id }) => id));
});
startAccount();
startLibrary(play, mark);
startForYou(play, mark);
startOpinionKeys();
startPlayerBar(playback);
startMediaSession(playback);
const addToPlaylist = startPlaylistsView(playback);
startQueueView(playback, addToPlaylist);
startSpectrogram(playback);
startTrackMenu();
startViews();
addTrackActions(
  { label: 'Play next', run: (track) => playback.playNext([track]) },
  { label: 'Add to queue', run: (track) => playback.enqueue([track]) },
  { label: 'Add to playlist …', run: (track) => addToPlaylist([track]) },
  { label: 'Find what sounds like this, too', run: addSeed },
  { label: 'Find a path to it', run: path.leadTo },
);
const teller = createPlayTeller();
playback.on('state', () => {
  const track = playback.track();
  if (track && playback.isPlaying()) teller.started(track);
});
playback.on('left', teller.left);
playback.on('track', followTrack);
followTrack();
const endless = /** @type {HTMLInputElement} */ (part(byId('neighbours'), 'endless'));
startEndless(playback, endless, neighbours.choices);
startUpload(play, mark, playback);

function followTrack() {
  const track = playback.track();
  mark();
  if (!track) return;
  neighbours.follow(track);
  path.follow(track);
  map.follow(track);
}

/** @param {readonly CollectionTrack[]} tracks Where the first plays already, the others follow it. */
function playAll(tracks) {
  if (tracks[0]?.id === playback.track()?.id) playback.playNext(tracks.slice(1));
  else playback.playList(tracks, 0);
}

/** @param {CollectionTrack} track */
function addSeed(track) {
  neighbours.addSeed(track);
  showView('neighbours');
}

/**
 * @param {CollectionTrack} track The one that plays already is paused.
 * @param {readonly CollectionTrack[]} list That it was chosen from: what follows it there plays next.
 */
function play(track, list) {
  if (track.id === playback.track()?.id) return playback.toggle();
  playback.playList(list, list.indexOf(track));
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.matches('input[type=search]')) {
    if (event.key === 'ArrowDown') moveFocus(event, document.querySelector('#library .track'));
    return;
  }
  if (target.matches('input:not([type=range]), select, textarea')) return;
  if (event.key === '/') moveFocus(event, byId('search'));
  else if (event.key === ' ' && !target.matches('button, a, input')) {
    // Instead of scrolling by a page.
    event.preventDefault();
    playback.toggle();
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
