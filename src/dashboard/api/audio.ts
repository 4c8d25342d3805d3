import { basename, dirname, extname } from 'node:path';
import { SoundalikeError } from '../../errors.ts';
import type { DashboardPorts } from '../ports.ts';
import { mediaRoute, type Route } from './route.ts';
import { trackParameters } from './track-schemas.ts';

/** The only types that are ever sent, so that no file of a collection runs as a page (by IANA's registry). */
const AUDIO_TYPES: Record<string, string> = {
  '.aac': 'audio/aac',
  '.aif': 'audio/aiff',
  '.aifc': 'audio/aiff',
  '.aiff': 'audio/aiff',
  '.bw64': 'audio/wav',
  '.flac': 'audio/flac',
  '.m4a': 'audio/mp4',
  '.mp3': 'audio/mpeg',
  '.mp4': 'audio/mp4',
  '.oga': 'audio/ogg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.rf64': 'audio/wav',
  '.w64': 'audio/x-w64',
  '.wav': 'audio/wav',
  '.webm': 'audio/webm',
};

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
        const path = await (await collection()).audioFile(id);
        const type = AUDIO_TYPES[extname(path).toLowerCase()];
        if (type === undefined)
          throw new SoundalikeError('AUDIO_UNKNOWN_FORMAT', `track ${id} is in no format that browsers play`);
        response.type(type);
        // A root, because without one a folder with a leading dot anywhere above the file would count as hidden.
        response.sendFile(basename(path), { root: dirname(path), dotfiles: 'allow' });
      },
    }),
  ];
}
