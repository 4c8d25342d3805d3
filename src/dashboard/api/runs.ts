import { Router } from 'express';
import type { DashboardPorts } from '../ports.ts';
import { parse, runParameters } from './parameters.ts';

/**
 * The runs of the data folder.
 *
 * - `GET /` → `{runs}`
 * - `GET /:run` → the run's status; its ETag makes polling an unchanged run cheap
 */
export function runsRouter({ listRuns, runStatus }: Pick<DashboardPorts, 'listRuns' | 'runStatus'>): Router {
  const router = Router();

  router.get('/', async (_request, response) => {
    response.json({ runs: await listRuns() });
  });

  router.get('/:run', async (request, response) => {
    const { run } = parse(runParameters, request.params);
    response.json(await runStatus(run));
  });

  return router;
}
