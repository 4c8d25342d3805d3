import { z } from 'zod';
import type { DashboardPorts } from '../ports.ts';
import { jsonRoute, type Route } from './route.ts';
import { retrySchema, runParameters, runSchema, runSummarySchema, timelineSchema } from './run-schemas.ts';

/** The runs of the data folder. */
export function runRoutes({
  listRuns,
  runStatus,
  runTimeline,
  control,
}: Pick<DashboardPorts, 'listRuns' | 'runStatus' | 'runTimeline' | 'control'>): Route[] {
  const action = (name: 'pause' | 'resume' | 'cancel', summary: string) =>
    jsonRoute({
      name: `${name}Run`,
      method: 'post',
      path: `/runs/{run}/${name}`,
      summary,
      access: 'administrator',
      parameters: runParameters,
      answer: runSchema,
      errors: ['RUN_NOT_FOUND'],
      async handle({ parameters: { run } }) {
        await control[name](run);
        return runStatus(run);
      },
    });

  return [
    jsonRoute({
      name: 'listRuns',
      method: 'get',
      path: '/runs',
      summary: 'The runs, the newest first.',
      access: 'onlooker',
      answer: z.strictObject({ runs: z.array(runSummarySchema) }),
      handle: async () => ({ runs: await listRuns() }),
    }),

    jsonRoute({
      name: 'getRun',
      method: 'get',
      path: '/runs/{run}',
      summary: 'How far a run is. Its ETag makes polling an unchanged run cheap.',
      access: 'onlooker',
      parameters: runParameters,
      answer: runSchema,
      errors: ['RUN_NOT_FOUND'],
      handle: ({ parameters }) => runStatus(parameters.run),
    }),

    jsonRoute({
      name: 'getTimeline',
      method: 'get',
      path: '/runs/{run}/timeline',
      summary: 'Which worker worked on what and when, for a picture: what is too short for it is joined.',
      access: 'onlooker',
      parameters: runParameters,
      answer: timelineSchema,
      errors: ['RUN_NOT_FOUND'],
      handle: ({ parameters }) => runTimeline(parameters.run),
    }),

    action('pause', 'Has a run stop after the partitions under way.'),
    action('resume', 'Has a run go on, and tries again what failed for good.'),
    action('cancel', 'Has a run stop at once; what is analysed stays, and the run can be resumed.'),

    jsonRoute({
      name: 'retryFailures',
      method: 'post',
      path: '/runs/{run}/retry',
      summary: 'Has failed tracks analysed again.',
      access: 'administrator',
      parameters: runParameters,
      body: retrySchema,
      answer: z.strictObject({ tracks: z.int().describe('How many are analysed again.') }),
      errors: ['RUN_NOT_FOUND', 'RUN_INCOMPLETE'],
      handle: async ({ parameters, body }) => ({ tracks: await control.retry(parameters.run, body.codes) }),
    }),

    jsonRoute({
      name: 'runAgain',
      method: 'post',
      path: '/runs/{run}/again',
      summary: "Looks at a run's source again: a new run where it has changed, which analyses what is new.",
      access: 'administrator',
      parameters: runParameters,
      answer: runSchema,
      errors: ['RUN_NOT_FOUND', 'SOURCE_NOT_FOUND', 'SOURCE_EMPTY', 'SOURCE_WITHOUT_AUDIO'],
      handle: async ({ parameters }) => runStatus(await control.again(parameters.run)),
    }),
  ];
}
