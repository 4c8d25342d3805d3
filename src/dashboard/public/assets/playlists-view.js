import { askName } from './ask-name.js';
import { byId, keyedList, part, setText } from './dom.js';
import { formatCount } from './format.js';
import { notify } from './notice.js';
import { startPlaylistView } from './playlist-view.js';
import { addToPlaylist, createPlaylist, importPlaylist, listPlaylists } from './playlists.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('./playlists.js').PlaylistHead} PlaylistHead */

/**
 * The listener's playlists: a list of them, and the one that is open.
 *
 * @param {import('./playback.js').Playback} playback
 * @returns {(tracks: readonly CollectionTrack[]) => void} Asks which playlist some tracks are to be added to.
 */
export function startPlaylistsView(playback) {
  const section = byId('playlists');
  const message = part(section, 'message');
  const file = /** @type {HTMLInputElement} */ (part(section, 'file'));
  const choice = /** @type {HTMLDialogElement} */ (byId('playlist-choice'));
  const playlist = startPlaylistView(playback, { attempt, onClosed: show });
  const showHeads = headList(part(section, 'heads'), (id) => attempt(() => playlist.open(id)));
  /** @type {readonly CollectionTrack[]} */
  let adding = [];
  const showChoices = headList(part(choice, 'heads'), (id) => {
    choice.close();
    attempt(async () => said(await addToPlaylist(id, adding)));
  });

  /** Does what may fail, and says so. @param {() => Promise<unknown>} work */
  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error));
    }
  }

  async function show() {
    const heads = await listPlaylists();
    showHeads(heads);
    message.hidden = heads.length > 0;
  }

  /** @param {{name: string}} playlist What was added to. */
  async function said({ name }) {
    notify(`${formatCount(adding.length, 'track')} added to “${name}”.`);
    await playlist.refresh();
    await show();
  }

  /** @param {readonly CollectionTrack[]} tracks */
  async function create(tracks) {
    const name = await askName('New playlist');
    if (name === null) return;
    const made = await createPlaylist(name, tracks);
    if (tracks.length > 0) await said(made);
    else await playlist.open(made.id);
  }

  part(section, 'new').addEventListener('click', () => attempt(() => create([])));
  part(choice, 'new').addEventListener('click', () => {
    choice.close();
    attempt(() => create(adding));
  });
  part(section, 'import').addEventListener('click', () => file.click());
  file.addEventListener('change', () =>
    attempt(async () => {
      const [chosen] = file.files ?? [];
      if (!chosen) return;
      const name = chosen.name.replace(/\.m3u8?$/i, '').slice(0, 200);
      file.value = '';
      const { playlist: made, unknown } = await importPlaylist(name, await chosen.text());
      await playlist.open(made.id);
      const known = `${formatCount(made.tracks.length, 'track')} imported`;
      notify(unknown.length === 0 ? `${known}.` : `${known}; not in the library: ${unknown.join(', ')}`);
    }),
  );
  attempt(show);

  return (tracks) => {
    if (tracks.length === 0) return;
    adding = tracks;
    attempt(async () => {
      showChoices(await listPlaylists());
      choice.showModal();
    });
  };
}

/**
 * Playlists to choose from.
 *
 * @param {HTMLElement} list
 * @param {(id: string) => void} choose
 */
function headList(list, choose) {
  return keyedList(
    list,
    (/** @type {PlaylistHead} */ { id }) => id,
    () => {
      const node = document.createElement('li');
      const button = document.createElement('button');
      const [name, length] = [document.createElement('span'), document.createElement('span')];
      button.type = 'button';
      button.append(name, length);
      node.append(button);
      let id = '';
      button.addEventListener('click', () => choose(id));
      return {
        node,
        /** @param {PlaylistHead} head */
        update(head) {
          id = head.id;
          setText(name, head.name);
          setText(length, formatCount(head.length, 'track'));
        },
      };
    },
  );
}
