import { z } from 'zod';
import type { DashboardPorts } from '../ports.ts';
import { jsonRoute, type Route } from './route.ts';
import { pathTrackSchema } from './track-schemas.ts';

const end = z.string().min(1).max(200);

const pathQuery = z.strictObject({
  from: end.describe('The first track.'),
  to: end.describe('The last track, another one.'),
  steps: z.coerce
    .number()
    .int()
    .min(3)
    .max(20)
    .default(8)
    .describe('From a track to the next; fewer where the collection has too few tracks.'),
});

const path = z.strictObject({
  tracks: z.array(pathTrackSchema).describe('In their order, both ends included.'),
});

/** The way from a track to another. */
export function pathRoutes({ collection }: Pick<DashboardPorts, 'collection'>): Route[] {
  return [
    jsonRoute({
      name: 'findPath',
      method: 'get',
      path: '/path',
      summary:
        'A path from a track to another through tracks that sound more and more like it, in even steps.',
      access: 'listener',
      limit: 'search',
      query: pathQuery,
      answer: path,
      rows: 'tracks',
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND'],
      handle: async ({ query: { from, to, steps } }) => ({
        tracks: await (await collection()).path(from, to, steps),
      }),
    }),
  ];
}
