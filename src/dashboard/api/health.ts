import { Router } from 'express';
import { SoundalikeError } from '../../errors.ts';
import type { DashboardPorts } from '../ports.ts';

/**
 * `GET /` → `{status: 'ok', index: {id, tracks} | null, queues: names}`. An index that is not there yet is no
 * fault; one that cannot be opened is answered as its error.
 */
export function healthRouter({ collection, queues }: Pick<DashboardPorts, 'collection' | 'queues'>): Router {
  const router = Router();

  router.get('/', async (_request, response) => {
    response.json({
      status: 'ok',
      index: await liveIndex(collection),
      queues: queues.map((queue) => queue.name),
    });
  });

  return router;
}

async function liveIndex(
  collection: DashboardPorts['collection'],
): Promise<{ id: string; tracks: number } | null> {
  try {
    const { index, size } = await collection();
    return { id: index, tracks: size };
  } catch (error) {
    if (error instanceof SoundalikeError && error.code === 'INDEX_NOT_FOUND') return null;
    throw error;
  }
}
