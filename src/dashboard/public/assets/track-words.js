/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

/** A track without a title goes by its file's name. @param {CollectionTrack} track */
export function titleOf({ title, path }) {
  return title ?? path.slice(path.lastIndexOf('/') + 1);
}

/** @param {CollectionTrack} track */
export function subtitleOf({ artist, album }) {
  return [artist ?? 'Unknown artist', album].filter(Boolean).join(' · ');
}
