import { ask } from './api.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {{id: string, name: string, revision: number, changedAt: string}} Head */
/** @typedef {Head & {length: number}} PlaylistHead */
/** @typedef {Head & {tracks: CollectionTrack[], missing: string[]}} Playlist */

const PATH = '/listeners/me/playlists';

/** @param {string} method @param {unknown} body @returns {RequestInit} */
const sending = (method, body) => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** @param {readonly CollectionTrack[]} tracks */
const idsOf = (tracks) => tracks.map(({ id }) => id);

/** @template Body @param {Promise<{body: Body}>} answer */
const bodyOf = async (answer) => (await answer).body;

/** @returns {Promise<PlaylistHead[]>} */
export const listPlaylists = async () => (await bodyOf(ask(PATH))).playlists;

/** @param {string} id @returns {Promise<Playlist>} */
export const readPlaylist = (id) => bodyOf(ask(`${PATH}/${id}`));

/** @param {string} name @param {readonly CollectionTrack[]} tracks @returns {Promise<Playlist>} */
export const createPlaylist = (name, tracks) =>
  bodyOf(ask(PATH, sending('POST', { name, tracks: idsOf(tracks) })));

/** @param {string} name @param {string} m3u @returns {Promise<{playlist: Playlist, unknown: string[]}>} */
export const importPlaylist = (name, m3u) => bodyOf(ask(`${PATH}/import`, sending('POST', { name, m3u })));

/** @param {string} id @param {readonly CollectionTrack[]} tracks @returns {Promise<Playlist>} */
export const addToPlaylist = (id, tracks) =>
  bodyOf(ask(`${PATH}/${id}/tracks`, sending('POST', { tracks: idsOf(tracks) })));

/** @param {string} id @param {{revision: number, name?: string, tracks?: string[]}} change @returns {Promise<Playlist>} */
export const changePlaylist = (id, change) => bodyOf(ask(`${PATH}/${id}`, sending('PUT', change)));

/** @param {string} id */
export const deletePlaylist = (id) => ask(`${PATH}/${id}`, { method: 'DELETE' });

/** The files that a playlist goes out as. @param {string} id @returns {{label: string, address: string}[]} */
export const exportsOf = (id) => [
  { label: 'M3U8 with paths', address: `/api${PATH}/${id}/m3u8` },
  { label: 'M3U8 with addresses', address: `/api${PATH}/${id}/m3u8?links=streams` },
  { label: 'JSPF', address: `/api${PATH}/${id}/jspf` },
];
