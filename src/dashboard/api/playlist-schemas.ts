import { z } from 'zod';
import { MOST_TRACKS } from '../../store/playlists.ts';
import { trackSchema } from './track-schemas.ts';

const MOST_LINES = 4 * MOST_TRACKS;

export const playlistParameters = z.object({
  playlist: z
    .string()
    .regex(/^[\da-f]{16}$/)
    .describe('The playlist, as /api/listeners/me/playlists names it.'),
});

const name = z.string().trim().min(1).max(200).describe('Need not be unique.');
const trackIds = z.array(z.string().min(1).max(200)).max(MOST_TRACKS);
const revision = z.int().describe('Raised by each change.');

const head = {
  id: z.string(),
  name: z.string(),
  revision,
  changedAt: z.string().describe('ISO 8601.'),
};

export const playlistHeads = z.strictObject({
  playlists: z
    .array(z.strictObject({ ...head, length: z.int().describe('Tracks in it.') }))
    .describe('By name.'),
});

export const playlistSchema = z
  .strictObject({
    ...head,
    tracks: z.array(trackSchema).describe('In their order; a track may be in it twice.'),
    missing: z.array(z.string()).describe('Ids of tracks that the index does not hold any more.'),
  })
  .meta({ id: 'Playlist' });

export const newPlaylist = z.strictObject({
  name,
  tracks: trackIds.default([]).describe('Ids, in their order.'),
});

export const playlistChange = z.strictObject({
  revision: revision.describe('That the change was made to; where there is another by now, nothing changes.'),
  name: name.optional(),
  tracks: trackIds.optional().describe('All ids, in their order.'),
});

export const addedTracks = z.strictObject({ tracks: trackIds.min(1).describe('Ids, to come last.') });

export const importedFile = z.strictObject({
  name: name.optional().describe("By default the file's own #PLAYLIST."),
  m3u: z
    .string()
    .max(MOST_LINES * 250)
    .describe('The text of an M3U or M3U8 file.'),
});

export const importedPlaylist = z.strictObject({
  playlist: playlistSchema,
  unknown: z.array(z.string()).describe('Entries of the file that are no track of the index; up to 100.'),
});

export const exportQuery = z.strictObject({
  links: z
    .enum(['files', 'streams'])
    .default('files')
    .describe(
      "files: paths below the collection's folder, to lie in which the playlist is meant. streams: addresses here.",
    ),
});
