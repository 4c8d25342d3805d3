import { z } from 'zod';
import type { Collection } from '../../recommend/collection.ts';
import type { DashboardPorts } from '../ports.ts';
import { encodePoints } from './map-points.ts';
import { jsonRoute, mediaRoute, type Route } from './route.ts';

const mapQuery = z.strictObject({
  offset: z.coerce.number().int().min(0).default(0).describe('Points to pass over.'),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000).describe('Points at most.'),
});

const mapPage = z.strictObject({
  index: z.string().describe('Id of the index; it changes with the collection.'),
  total: z.int().describe('Points that there are.'),
  offset: z.int(),
  points: z
    .array(
      z.strictObject({
        id: z.string().describe('The track.'),
        x: z.number().describe('From 0 to 1.'),
        y: z.number().describe('From 0 to 1.'),
        cluster: z.int32(),
        genre: z.string().nullable(),
      }),
    )
    .describe('In the order of ids. Tracks that lie together sound alike.'),
});

/** The picture of the collection. */
export function mapRoutes({ collection }: Pick<DashboardPorts, 'collection'>): Route[] {
  const encoded = new WeakMap<Collection, Promise<Uint8Array>>();
  const encode = async (live: Collection) => encodePoints(live.index, await live.map());

  /** Made once for each index: every page that shows the map asks for the same. */
  const pointsOf = (live: Collection): Promise<Uint8Array> => {
    const found = encoded.get(live) ?? encode(live);
    encoded.set(live, found);
    return found;
  };

  return [
    jsonRoute({
      name: 'getMap',
      method: 'get',
      path: '/map',
      summary: 'Where the tracks lie in the picture of the collection.',
      access: 'listener',
      limit: 'search',
      query: mapQuery,
      answer: mapPage,
      rows: 'points',
      errors: ['INDEX_NOT_FOUND'],
      async handle({ query: { offset, limit } }) {
        const live = await collection();
        const { ids, x, y, cluster, genre, genres } = await live.map();
        const points = ids.slice(offset, offset + limit).map((id, i) => {
          const point = offset + i;
          return {
            id,
            x: x[point]!,
            y: y[point]!,
            cluster: cluster[point]!,
            genre: genres[genre[point]!]?.genre ?? null,
          };
        });
        return { index: live.index, total: ids.length, offset, points };
      },
    }),

    mediaRoute({
      name: 'getMapPoints',
      method: 'get',
      path: '/map/points',
      summary:
        'The whole picture in few bytes, as docs/api.md describes them: what the map of the player reads.',
      access: 'listener',
      limit: 'search',
      media: 'application/octet-stream',
      ranges: false,
      errors: ['INDEX_NOT_FOUND'],
      async handle({ response }) {
        const live = await collection();
        const points = await pointsOf(live);
        response.set('ETag', `"${live.index}"`).type('application/octet-stream').send(points);
      },
    }),
  ];
}
