import { ApiError } from './api.js';
import { askName } from './ask-name.js';
import { byId, part, setText } from './dom.js';
import { formatCount } from './format.js';
import { createOrderedTracks } from './ordered-tracks.js';
import { changePlaylist, deletePlaylist, exportsOf, readPlaylist } from './playlists.js';

/** @typedef {import('./playlists.js').Playlist} Playlist */
/** @typedef {import('./ordered-tracks.js').Entry} Entry */

/** Milliseconds from the last change to its sending: a row that is dragged passes many places. */
const PAUSE = 400;

/**
 * The playlist that is open.
 *
 * @param {import('./playback.js').Playback} playback
 * @param {{attempt(work: () => Promise<unknown>): Promise<void>, onClosed(): Promise<void>}} around
 */
export function startPlaylistView(playback, { attempt, onClosed }) {
  const section = byId('playlists');
  const view = part(section, 'open');
  /** @type {Playlist | null} */
  let opened = null;
  /** @type {Entry[]} */
  let entries = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let saving;
  const tracks = () => entries.map(({ track }) => track);
  const showRows = createOrderedTracks(part(view, 'tracks'), {
    play: (key) => playback.playList(tracks(), placeOf(key)),
    move(key, place) {
      const from = placeOf(key);
      const rest = entries.toSpliced(from, 1);
      change(rest.toSpliced(Math.max(0, Math.min(place, rest.length)), 0, entries[from]));
    },
    remove: (key) => change(entries.toSpliced(placeOf(key), 1)),
    announce: (text) => setText(part(section, 'status'), text),
  });

  /** @param {number} key */
  const placeOf = (key) => entries.findIndex((entry) => entry.key === key);

  /** @param {Entry[]} next */
  function change(next) {
    entries = next;
    showRows(entries);
    clearTimeout(saving);
    saving = setTimeout(() => attempt(save), PAUSE);
    showCount();
  }

  /** Sends what has not been sent yet. */
  async function save() {
    clearTimeout(saving);
    saving = undefined;
    if (!opened) return;
    const { id, revision, missing } = opened;
    try {
      // What the index does not hold for now stays in the playlist, last.
      const ids = [...tracks().map((track) => track.id), ...missing];
      opened = await changePlaylist(id, { revision, tracks: ids });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'PLAYLIST_CHANGED') await open(id);
      throw error;
    }
  }

  function showCount() {
    const missing = opened?.missing.length ?? 0;
    const known = formatCount(entries.length, 'track');
    setText(part(view, 'count'), missing > 0 ? `${known}, ${missing} not in the library now` : known);
    part(view, 'message').hidden = entries.length > 0;
  }

  /** @param {Playlist} playlist */
  function show(playlist) {
    opened = playlist;
    entries = playlist.tracks.map((track, key) => ({ key, track }));
    part(section, 'all').hidden = true;
    view.hidden = false;
    setText(part(view, 'title'), playlist.name);
    part(view, 'export').replaceChildren(...exportsOf(playlist.id).map(linkOf));
    // Keys are places: rows of another playlist must not be taken for these.
    showRows([]);
    showRows(entries);
    showCount();
  }

  /** @param {string} id */
  async function open(id) {
    show(await readPlaylist(id));
  }

  async function close() {
    if (saving !== undefined) await save();
    opened = null;
    view.hidden = true;
    part(section, 'all').hidden = false;
    await onClosed();
  }

  async function rename() {
    if (!opened) return;
    if (saving !== undefined) await save();
    const name = await askName('Rename the playlist', opened.name);
    if (name !== null) show(await changePlaylist(opened.id, { revision: opened.revision, name }));
  }

  async function remove() {
    if (!opened || !confirm(`Delete “${opened.name}”?`)) return;
    clearTimeout(saving);
    saving = undefined;
    await deletePlaylist(opened.id);
    await close();
  }

  part(view, 'play').addEventListener('click', () => {
    if (entries.length > 0) playback.playList(tracks(), 0);
  });
  part(view, 'enqueue').addEventListener('click', () => playback.enqueue(tracks()));
  part(view, 'close').addEventListener('click', () => attempt(close));
  part(view, 'rename').addEventListener('click', () => attempt(rename));
  part(view, 'delete').addEventListener('click', () => attempt(remove));

  return {
    open,
    /** Shows what is open as the server has it. */
    async refresh() {
      if (saving !== undefined) await save();
      if (opened) await open(opened.id);
    },
  };
}

/** A link that the browser saves. @param {{label: string, address: string}} file */
function linkOf({ label, address }) {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.textContent = label;
  return link;
}
