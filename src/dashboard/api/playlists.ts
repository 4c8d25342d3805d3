import type { Request } from 'express';
import { z } from 'zod';
import { SoundalikeError } from '../../errors.ts';
import type { Collection } from '../../recommend/collection.ts';
import type { Playlist } from '../../store/playlists.ts';
import { listenerOf } from '../access/listener.ts';
import { locateTracks, tracksOf } from '../playlists/locate-tracks.ts';
import { readM3u } from '../playlists/m3u.ts';
import type { DashboardPorts } from '../ports.ts';
import {
  addedTracks,
  importedFile,
  importedPlaylist,
  newPlaylist,
  playlistChange,
  playlistHeads,
  playlistParameters,
  playlistSchema,
} from './playlist-schemas.ts';
import { jsonRoute, type Route } from './route.ts';

const PATH = '/listeners/me/playlists';

/** For 5,000 ids, or as many lines of a file. */
const LARGEST_BODY = '6mb';

const UNKNOWN_SHOWN = 100;

const show = (live: Collection, { tracks, ...head }: Playlist): z.output<typeof playlistSchema> => ({
  ...head,
  ...tracksOf(live, tracks),
});

/** As the collection writes them. @throws SoundalikeError TRACK_NOT_FOUND */
const knownIds = (live: Collection, ids: readonly string[]) => ids.map((id) => live.track(id).id);

/** The playlists of the listener who asks. */
export function playlistRoutes({
  collection,
  playlists,
}: Pick<DashboardPorts, 'collection' | 'playlists'>): Route[] {
  const shown = async (playlist: Promise<Playlist>) => show(await collection(), await playlist);
  const mine = (request: Request) => listenerOf(request);

  return [
    jsonRoute({
      name: 'listPlaylists',
      method: 'get',
      path: PATH,
      summary: 'Your playlists.',
      access: 'listener',
      answer: playlistHeads,
      async handle({ request }) {
        const found = await playlists.list(mine(request));
        return { playlists: found.map(({ tracks, ...head }) => ({ ...head, length: tracks.length })) };
      },
    }),

    jsonRoute({
      name: 'createPlaylist',
      method: 'post',
      path: PATH,
      summary: 'Makes a playlist.',
      access: 'listener',
      limit: 'search',
      body: newPlaylist,
      largestBody: LARGEST_BODY,
      answer: playlistSchema,
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND', 'PLAYLIST_LIMIT'],
      async handle({ body: { name, tracks }, request }) {
        const ids = knownIds(await collection(), tracks);
        return shown(playlists.create(mine(request), name, ids));
      },
    }),

    jsonRoute({
      name: 'importPlaylist',
      method: 'post',
      path: `${PATH}/import`,
      summary:
        'Makes a playlist of what an M3U file names: paths, or their ends, and addresses of audio here.',
      access: 'listener',
      limit: 'search',
      body: importedFile,
      largestBody: LARGEST_BODY,
      answer: importedPlaylist,
      errors: ['INDEX_NOT_FOUND', 'PLAYLIST_LIMIT'],
      async handle({ body, request }) {
        const live = await collection();
        const file = readM3u(body.m3u);
        const { tracks, unknown } = await locateTracks(live, file.locations);
        if (tracks.length === 0) {
          throw new SoundalikeError('USAGE', 'the file names no track of the library: nothing was imported');
        }
        const name = body.name ?? file.name?.slice(0, 200) ?? 'Imported';
        const ids = tracks.map(({ id }) => id);
        const playlist = show(live, await playlists.create(mine(request), name, ids));
        return { playlist, unknown: unknown.slice(0, UNKNOWN_SHOWN) };
      },
    }),

    jsonRoute({
      name: 'getPlaylist',
      method: 'get',
      path: `${PATH}/{playlist}`,
      summary: 'One of your playlists, with its tracks.',
      access: 'listener',
      parameters: playlistParameters,
      answer: playlistSchema,
      errors: ['INDEX_NOT_FOUND', 'PLAYLIST_NOT_FOUND'],
      handle: ({ parameters, request }) => shown(playlists.find(mine(request), parameters.playlist)),
    }),

    jsonRoute({
      name: 'changePlaylist',
      method: 'put',
      path: `${PATH}/{playlist}`,
      summary: 'Renames a playlist, or puts other tracks into it or the same in another order.',
      access: 'listener',
      parameters: playlistParameters,
      body: playlistChange,
      largestBody: LARGEST_BODY,
      answer: playlistSchema,
      errors: ['INDEX_NOT_FOUND', 'PLAYLIST_NOT_FOUND', 'PLAYLIST_CHANGED', 'PLAYLIST_LIMIT'],
      async handle({ parameters, body: { revision, name, tracks }, request }) {
        // Ids that are gone from the index stay: it may hold them again.
        return shown(
          playlists.change(mine(request), parameters.playlist, (before) => {
            if (before.revision === revision) return { name, tracks };
            throw new SoundalikeError(
              'PLAYLIST_CHANGED',
              'the playlist was changed elsewhere meanwhile: read it again',
            );
          }),
        );
      },
    }),

    jsonRoute({
      name: 'addToPlaylist',
      method: 'post',
      path: `${PATH}/{playlist}/tracks`,
      summary: 'Adds tracks to a playlist, whatever its revision.',
      access: 'listener',
      parameters: playlistParameters,
      body: addedTracks,
      largestBody: LARGEST_BODY,
      answer: playlistSchema,
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND', 'PLAYLIST_NOT_FOUND', 'PLAYLIST_LIMIT'],
      async handle({ parameters, body, request }) {
        const ids = knownIds(await collection(), body.tracks);
        return shown(
          playlists.change(mine(request), parameters.playlist, ({ tracks }) => ({
            tracks: [...tracks, ...ids],
          })),
        );
      },
    }),

    jsonRoute({
      name: 'deletePlaylist',
      method: 'delete',
      path: `${PATH}/{playlist}`,
      summary: 'Deletes a playlist.',
      access: 'listener',
      parameters: playlistParameters,
      answer: z.strictObject({ id: z.string() }),
      errors: ['PLAYLIST_NOT_FOUND'],
      async handle({ parameters, request }) {
        await playlists.remove(mine(request), parameters.playlist);
        return { id: parameters.playlist };
      },
    }),
  ];
}
