import { z } from 'zod';
import type { DashboardPorts } from '../ports.ts';
import { jsonRoute, type Route } from './route.ts';
import { similarTrackSchema, trackParameters, trackSchema } from './track-schemas.ts';

const listQuery = z.strictObject({
  query: z
    .string()
    .trim()
    .max(200)
    .default('')
    .describe('Words that title, artist, album or genre must contain.'),
  offset: z.coerce.number().int().min(0).default(0).describe('Tracks to pass over.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Tracks at most.'),
});

const trackList = z.strictObject({
  index: z.string().describe('Id of the index; it changes with the collection.'),
  total: z.int().describe('Tracks that match.'),
  offset: z.int(),
  tracks: z.array(trackSchema),
});

const methods = z.enum(['exact', 'lsh', 'tree']);

const similarQuery = z.strictObject({
  k: z.coerce.number().int().min(1).max(100).default(10).describe('Neighbours at most.'),
  method: methods.optional().describe('How to search; by default what suits the size of the collection.'),
});

const similarList = z.strictObject({
  query: trackSchema,
  method: methods,
  results: z.array(similarTrackSchema).describe('The nearest first.'),
});

const peakList = z.strictObject({
  peaks: z.array(z.number()).describe('Up to 1,024 amplitudes of 0 to 1, at equal distances over the track.'),
});

/** The tracks of the live index. */
export function trackRoutes({ collection }: Pick<DashboardPorts, 'collection'>): Route[] {
  return [
    jsonRoute({
      name: 'listTracks',
      method: 'get',
      path: '/tracks',
      summary: 'Lists and searches the tracks, in the order of ids.',
      access: 'listener',
      limit: 'search',
      query: listQuery,
      answer: trackList,
      rows: 'tracks',
      errors: ['INDEX_NOT_FOUND'],
      async handle({ query }) {
        const live = await collection();
        return { index: live.index, offset: query.offset, ...(await live.list(query)) };
      },
    }),

    jsonRoute({
      name: 'getTrack',
      method: 'get',
      path: '/tracks/{id}',
      summary: 'One track.',
      access: 'listener',
      parameters: trackParameters,
      answer: trackSchema,
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND'],
      handle: async ({ parameters }) => (await collection()).track(parameters.id),
    }),

    jsonRoute({
      name: 'listSimilarTracks',
      method: 'get',
      path: '/tracks/{id}/similar',
      summary: 'The tracks that sound most like a track, which is not among them.',
      access: 'listener',
      limit: 'search',
      parameters: trackParameters,
      query: similarQuery,
      answer: similarList,
      rows: 'results',
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND'],
      async handle({ parameters: { id }, query }) {
        const live = await collection();
        const method = query.method ?? live.method;
        return {
          query: live.track(id),
          method,
          results: await live.similarToTrack(id, { k: query.k, method }),
        };
      },
    }),

    jsonRoute({
      name: 'getPeaks',
      method: 'get',
      path: '/tracks/{id}/peaks',
      summary: "The track's waveform.",
      access: 'listener',
      parameters: trackParameters,
      answer: peakList,
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND', 'RUN_INCOMPLETE', 'SHARD_DAMAGED'],
      async handle({ parameters: { id } }) {
        const live = await collection();
        // Three digits tell 255ths apart.
        const peaks = Array.from(await live.peaks(id), (peak) => Math.round((1000 * peak) / 255) / 1000);
        return { peaks };
      },
    }),
  ];
}
