import { z } from 'zod';
import type { Collection, Seed } from '../../recommend/collection.ts';
import { ASPECTS } from '../../search/aspects.ts';
import { ORDERS } from '../../search/track-order.ts';
import type { DashboardPorts } from '../ports.ts';
import { filterParameters, repeated } from './filter-parameters.ts';
import { jsonRoute, type Route } from './route.ts';
import { similarTrackSchema, trackParameters, trackSchema } from './track-schemas.ts';

const listQuery = z.strictObject({
  query: z
    .string()
    .trim()
    .max(200)
    .default('')
    .describe('Words that title, artist, album or genre must contain.'),
  sort: z
    .enum(ORDERS)
    .optional()
    .describe(
      'The order; by default the best matches come first, and without a query the tracks are in the order of ids.',
    ),
  order: z.enum(['asc', 'desc']).default('asc').describe('`desc`: the other way round, for `sort`.'),
  offset: z.coerce.number().int().min(0).default(0).describe('Tracks to pass over.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Tracks at most.'),
  ...filterParameters,
});

const trackList = z.strictObject({
  index: z.string().describe('Id of the index; it changes with the collection.'),
  total: z.int().describe('Tracks that match.'),
  offset: z.int(),
  tracks: z.array(trackSchema),
});

const methods = z.enum(['exact', 'lsh', 'tree']);

const similarParameters = {
  k: z.coerce.number().int().min(1).max(100).default(10).describe('Neighbours at most.'),
  method: methods.optional().describe('How to search; by default what suits the size of the collection.'),
  aspect: z.enum(ASPECTS).optional().describe('Compare by this alone; by default the whole sound.'),
  other_artists: z
    .enum(['0', '1'])
    .default('0')
    .describe('1: no track by an artist of the tracks that are asked about.'),
  ...filterParameters,
};

export const similarQuery = z.strictObject(similarParameters);

const seedsQuery = z.strictObject({ id: repeated.describe('The tracks; up to 50.'), ...similarParameters });

export const similarList = z.strictObject({
  query: trackSchema,
  method: methods,
  results: z.array(similarTrackSchema).describe('The nearest first.'),
});

const seedsList = z.strictObject({
  ...similarList.omit({ query: true }).shape,
  queries: z.array(trackSchema),
});

const genreList = z.strictObject({
  genres: z
    .array(z.strictObject({ genre: z.string(), tracks: z.int() }))
    .describe('Those with most tracks first.'),
});

/** What sounds like some tracks or sounds, as it was asked for. */
export async function findSimilar(
  live: Collection,
  seeds: readonly Seed[],
  query: z.output<typeof similarQuery>,
) {
  const { k, aspect, genre, tempo, duration, other_artists } = query;
  // An aspect has no index of its own.
  const method = aspect ? 'exact' : (query.method ?? live.method);
  const filter = { genre, tempo, seconds: duration };
  const results = await live.similar(seeds, {
    k,
    method,
    ...(aspect && { aspect }),
    filter,
    otherArtists: other_artists === '1',
  });
  return { method, results };
}

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
      summary: 'Lists and searches the tracks.',
      access: 'listener',
      limit: 'search',
      query: listQuery,
      answer: trackList,
      rows: 'tracks',
      errors: ['INDEX_NOT_FOUND', 'GENRE_UNKNOWN'],
      async handle({ query: { genre, tempo, duration, sort, order, ...page } }) {
        const live = await collection();
        const filter = { genre, tempo, seconds: duration };
        const options = { ...page, filter, descending: order === 'desc', ...(sort && { sort }) };
        return { index: live.index, offset: page.offset, ...(await live.list(options)) };
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
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND', 'GENRE_UNKNOWN', 'ASPECT_MISSING'],
      async handle({ parameters: { id }, query }) {
        const live = await collection();
        return { query: live.track(id), ...(await findSimilar(live, [id], query)) };
      },
    }),

    jsonRoute({
      name: 'listSimilarToAll',
      method: 'get',
      path: '/similar',
      summary: 'The tracks that sound most like all of several tracks, which are not among them.',
      access: 'listener',
      limit: 'search',
      query: seedsQuery,
      answer: seedsList,
      rows: 'results',
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND', 'GENRE_UNKNOWN', 'ASPECT_MISSING'],
      async handle({ query: { id: ids, ...query } }) {
        const live = await collection();
        const queries = ids.map((id) => live.track(id));
        return { queries, ...(await findSimilar(live, ids, query)) };
      },
    }),

    jsonRoute({
      name: 'listGenres',
      method: 'get',
      path: '/genres',
      summary: 'The genres, with how many tracks each has.',
      access: 'listener',
      answer: genreList,
      rows: 'genres',
      errors: ['INDEX_NOT_FOUND'],
      handle: async () => ({ genres: await (await collection()).genres() }),
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
