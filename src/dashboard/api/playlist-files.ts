import type { Request, Response } from 'express';
import type { CollectionTrack } from '../../recommend/collection.ts';
import { listenerOf } from '../access/listener.ts';
import { writeJspf } from '../playlists/jspf.ts';
import { tracksOf } from '../playlists/locate-tracks.ts';
import { type PlaylistEntry, writeM3u } from '../playlists/m3u.ts';
import type { DashboardPorts } from '../ports.ts';
import { exportQuery, playlistParameters } from './playlist-schemas.ts';
import { mediaRoute, type Route } from './route.ts';

const PATH = '/listeners/me/playlists/{playlist}';

const M3U = 'audio/x-mpegurl';
const JSPF = 'application/jspf+json';

/** A listener's playlists as files for other programs. Tracks that the index does not hold any more are left out. */
export function playlistFileRoutes({
  collection,
  playlists,
}: Pick<DashboardPorts, 'collection' | 'playlists'>): Route[] {
  async function read(request: Request, id: string, links: 'files' | 'streams') {
    const { name, changedAt, tracks } = await playlists.find(listenerOf(request), id);
    const shown = tracksOf(await collection(), tracks).tracks;
    const entries = shown.map((track) => entryOf(track, links, `${request.protocol}://${request.host}`));
    return { name, changedAt, entries };
  }

  const declaration = {
    method: 'get',
    access: 'listener',
    parameters: playlistParameters,
    query: exportQuery,
    ranges: false,
    errors: ['INDEX_NOT_FOUND', 'PLAYLIST_NOT_FOUND'],
  } as const;

  return [
    mediaRoute({
      ...declaration,
      errors: [...declaration.errors],
      name: 'exportM3u',
      path: `${PATH}/m3u8`,
      summary: 'A playlist as an M3U8 file.',
      media: M3U,
      async handle({ parameters, query, request, response }) {
        const { name, entries } = await read(request, parameters.playlist, query.links);
        send(response, `${name}.m3u8`, M3U, writeM3u(name, entries));
      },
    }),

    mediaRoute({
      ...declaration,
      errors: [...declaration.errors],
      name: 'exportJspf',
      path: `${PATH}/jspf`,
      summary: 'A playlist as a JSPF file (xspf.org/jspf).',
      media: JSPF,
      async handle({ parameters, query, request, response }) {
        const { name, changedAt, entries } = await read(request, parameters.playlist, query.links);
        send(response, `${name}.jspf`, JSPF, writeJspf(name, changedAt, entries));
      },
    }),
  ];
}

function entryOf(track: CollectionTrack, links: 'files' | 'streams', origin: string): PlaylistEntry {
  const { id, title, artist, album, seconds, path } = track;
  // A line break ends an entry, so that such a path cannot be written.
  const asFile = links === 'files' && !/[\r\n]/.test(path);
  return {
    title: title ?? path.slice(path.lastIndexOf('/') + 1),
    artist,
    album,
    seconds,
    location: asFile ? path : `${origin}/api/tracks/${encodeURIComponent(id)}/audio`,
  };
}

function send(response: Response, file: string, type: string, text: string): void {
  // As a name of a file, and of no folder.
  response.attachment(file.replaceAll(/[/\\]/g, '-'));
  response.set('Content-Type', `${type}; charset=utf-8`);
  response.send(text);
}
