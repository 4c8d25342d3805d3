import { Router } from 'express';
import { z } from 'zod';
import type { DashboardPorts } from '../ports.ts';
import { parse, trackParameters } from './parameters.ts';

const listQuery = z.strictObject({
  query: z.string().trim().max(200).default(''),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const similarQuery = z.strictObject({
  k: z.coerce.number().int().min(1).max(100).default(10),
  method: z.enum(['exact', 'lsh', 'tree']).optional(),
});

/**
 * The tracks of the live index.
 *
 * - `GET /?query=&offset=0&limit=50` → `{index, total, offset, tracks}`; at most 200 a page
 * - `GET /:id` → the track
 * - `GET /:id/peaks` → `{peaks}`: the waveform as up to 1,024 amplitudes of 0 to 1, at equal distances over the track
 * - `GET /:id/similar?k=10&method=exact` → `{query, method, results}`, the nearest first; `k` at most 100; the method is
 *   `exact`, `lsh` or `tree`, by default the one that suits the size of the collection
 */
export function tracksRouter({ collection }: Pick<DashboardPorts, 'collection'>): Router {
  const router = Router();

  router.get('/', async (request, response) => {
    const query = parse(listQuery, request.query);
    const live = await collection();
    response.json({ index: live.index, offset: query.offset, ...live.list(query) });
  });

  router.get('/:id', async (request, response) => {
    const { id } = parse(trackParameters, request.params);
    const live = await collection();
    response.json(live.track(id));
  });

  router.get('/:id/similar', async (request, response) => {
    const { id } = parse(trackParameters, request.params);
    const asked = parse(similarQuery, request.query);
    const live = await collection();
    const method = asked.method ?? live.method;
    response.json({
      query: live.track(id),
      method,
      results: live.similarToTrack(id, { k: asked.k, method }),
    });
  });

  router.get('/:id/peaks', async (request, response) => {
    const { id } = parse(trackParameters, request.params);
    const live = await collection();
    // Three digits tell 255ths apart.
    const peaks = Array.from(await live.peaks(id), (peak) => Math.round((1000 * peak) / 255) / 1000);
    response.json({ peaks });
  });

  return router;
}
