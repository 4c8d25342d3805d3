import { z } from 'zod';
import type { DashboardPorts } from '../ports.ts';
import { jsonRoute, type Route } from './route.ts';
import { runParameters, runSchema } from './run-schemas.ts';

/** The runs of the data folder. */
export function runRoutes({ listRuns, runStatus }: Pick<DashboardPorts, 'listRuns' | 'runStatus'>): Route[] {
  return [
    jsonRoute({
      name: 'listRuns',
      method: 'get',
      path: '/runs',
      summary: 'The runs, the newest first.',
      access: 'listener',
      answer: z.strictObject({ runs: z.array(runSchema) }),
      handle: async () => ({ runs: await listRuns() }),
    }),

    jsonRoute({
      name: 'getRun',
      method: 'get',
      path: '/runs/{run}',
      summary: 'How far a run is. Its ETag makes polling an unchanged run cheap.',
      access: 'listener',
      parameters: runParameters,
      answer: runSchema,
      errors: ['RUN_NOT_FOUND'],
      handle: ({ parameters }) => runStatus(parameters.run),
    }),
  ];
}
