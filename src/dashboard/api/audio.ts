import type { DashboardPorts } from '../ports.ts';
import { sendAudio } from '../send-audio.ts';
import { mediaRoute, type Route } from './route.ts';
import { trackParameters } from './track-schemas.ts';

/** The track's file, whole or the range asked for (RFC 9110 §14). */
export function audioRoutes({ collection }: Pick<DashboardPorts, 'collection'>): Route[] {
  return [
    mediaRoute({
      name: 'getAudio',
      method: 'get',
      path: '/tracks/{id}/audio',
      summary: "The track's audio file, whole or a range of bytes.",
      access: 'listener',
      parameters: trackParameters,
      media: 'audio/*',
      ranges: true,
      errors: ['INDEX_NOT_FOUND', 'TRACK_NOT_FOUND', 'AUDIO_UNKNOWN_FORMAT'],
      async handle({ parameters: { id }, response }) {
        await sendAudio(await collection(), id, response);
      },
    }),
  ];
}
