import { z } from 'zod';
import { SoundalikeError } from '../../errors.ts';
import { visitorOf } from '../access/visitor.ts';
import type { DashboardPorts } from '../ports.ts';
import type { DashboardSettings } from '../settings.ts';
import { jsonRoute, type Route } from './route.ts';

const health = z.strictObject({
  status: z.literal('ok'),
  index: z
    .strictObject({ id: z.string(), tracks: z.int() })
    .nullable()
    .optional()
    .describe('The live index; null where there is none yet, which is no fault. Left out without a login.'),
  queues: z.array(z.string()).optional().describe('Left out without a login.'),
});

/** An index that cannot be opened is answered as its error. */
export function healthRoutes(
  { collection, queues }: Pick<DashboardPorts, 'collection' | 'queues'>,
  { local }: Pick<DashboardSettings, 'local'>,
): Route[] {
  return [
    jsonRoute({
      name: 'getHealth',
      method: 'get',
      path: '/health',
      summary: 'Whether the dashboard works.',
      access: 'open',
      answer: health,
      errors: ['INDEX_DAMAGED', 'INDEX_VERSION'],
      async handle({ request }) {
        const told = local || visitorOf(request).administrator;
        const index = await liveIndex(collection).catch((cause) => {
          if (told) throw cause;
          throw new SoundalikeError('INDEX_DAMAGED', 'the index cannot be opened; the log tells more', {
            cause,
          });
        });
        return { status: 'ok' as const, ...(told && { index, queues: queues.map((queue) => queue.name) }) };
      },
    }),
  ];
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
