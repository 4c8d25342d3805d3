import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LISTENER_ACTIONS } from '../../store/listener-documents.ts';
import { listenerOf } from '../access/listener.ts';
import { createLivePages } from '../live-pages.ts';
import type { DashboardPorts } from '../ports.ts';
import { type Recommendations, recommendationsSchema, showList } from './recommendation-schemas.ts';
import { jsonRoute, mediaRoute, type Route } from './route.ts';

/**
 * Milliseconds after which a page has to connect anew, which it does by itself: who has logged out by then is told
 * nothing more.
 */
const STREAM_LIFETIME = 600_000;

/** Milliseconds before a page that lost its connection tries again. */
const RETRY = 1_000;

const activity = z.strictObject({
  id: z
    .uuid()
    .optional()
    .describe('Of this event: one that is sent twice with the same id counts once. By default a new one.'),
  event: z.enum(LISTENER_ACTIONS).describe('`unlike` takes a like or a dislike back.'),
  track: z.string().min(1).max(200).describe('The track, as /api/tracks names it.'),
  position: z.number().min(0).max(1_000_000).optional().describe('Seconds into the track.'),
});

const accepted = z.strictObject({ event: z.string().describe('Id of the event.') });

/** What a listener does and is recommended. Who the listener is, the cookie or the token of the request tells. */
export function listenerRoutes({
  collection,
  listeners,
  logFault,
}: Pick<DashboardPorts, 'collection' | 'listeners' | 'logFault'>): Route[] {
  const read = async (listener: string): Promise<Recommendations> =>
    showList(await listeners.recommendations(listener), await collection());
  const pages = createLivePages(read, logFault);
  listeners.onUpdate(pages.refresh);

  return [
    jsonRoute({
      name: 'recordActivity',
      method: 'post',
      path: '/listeners/me/activity',
      summary: 'Tells what the listener does with a track. The recommendations follow within a moment.',
      access: 'listener',
      limit: 'search',
      body: activity,
      answer: accepted,
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND', 'QUEUE_UNREACHABLE'],
      async handle({ request, body: { id = randomUUID(), event, track, position = null } }) {
        const { id: known } = (await collection()).track(track);
        const recorded = { id, at: Date.now(), action: event, track: known, position };
        await listeners.record(listenerOf(request), recorded);
        return { event: id };
      },
    }),

    jsonRoute({
      name: 'forgetActivity',
      method: 'delete',
      path: '/listeners/me/activity',
      summary: 'Forgets all that the listener did: plays, likes and dislikes.',
      access: 'listener',
      limit: 'search',
      answer: accepted,
      errors: ['QUEUE_UNREACHABLE'],
      async handle({ request }) {
        const id = randomUUID();
        await listeners.record(listenerOf(request), { id, at: Date.now(), action: 'forget' });
        return { event: id };
      },
    }),

    jsonRoute({
      name: 'getRecommendations',
      method: 'get',
      path: '/listeners/me/recommendations',
      summary: 'Tracks that the listener may like, and what they are recommended for.',
      access: 'listener',
      limit: 'search',
      answer: recommendationsSchema,
      errors: ['INDEX_NOT_FOUND'],
      handle: ({ request }) => read(listenerOf(request)),
    }),

    mediaRoute({
      name: 'watchRecommendations',
      method: 'get',
      path: '/listeners/me/events',
      summary:
        'Server-sent events: `new_recommendations`, at once and whenever there are others. Its data is what /listeners/me/recommendations answers, its id their revision.',
      access: 'listener',
      limit: 'search',
      media: 'text/event-stream',
      ranges: false,
      errors: ['TOO_MANY_REQUESTS'],
      async handle({ request, response }) {
        // What a page has that was here before it need not be sent again.
        let shown = request.get('Last-Event-ID');
        const close = pages.open(listenerOf(request), {
          show(list) {
            if (list.revision === shown) return;
            shown = list.revision;
            response.write(`id: ${shown}\nevent: new_recommendations\ndata: ${JSON.stringify(list)}\n\n`);
          },
          keepAlive: () => response.write(': keep-alive\n\n'),
        });
        // The last one is for nginx, which else keeps events back until they fill its buffer.
        response.set({
          'Content-Type': 'text/event-stream',
          'Cache-Control': 'no-store',
          'X-Accel-Buffering': 'no',
        });
        response.write(`retry: ${RETRY}\n\n`);
        const lifetime = setTimeout(() => response.end(), STREAM_LIFETIME);
        response.on('close', () => {
          clearTimeout(lifetime);
          close();
        });
      },
    }),
  ];
}
