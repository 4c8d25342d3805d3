import { basename, dirname, extname } from 'node:path';
import type { Response } from 'express';
import { SoundalikeError } from '../errors.ts';
import type { Collection } from '../recommend/collection.ts';

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

/** The media type of a file, by its ending; undefined for one that no browser plays. */
export const audioType = (path: string): string | undefined => AUDIO_TYPES[extname(path).toLowerCase()];

/**
 * Sends a track's file, whole or the range asked for (RFC 9110 §14).
 *
 * @throws SoundalikeError TRACK_NOT_FOUND, AUDIO_UNKNOWN_FORMAT
 */
export async function sendAudio(collection: Collection, id: string, response: Response): Promise<void> {
  const path = await collection.audioFile(id);
  const type = audioType(path);
  if (type === undefined)
    throw new SoundalikeError('AUDIO_UNKNOWN_FORMAT', `track ${id} is in no format that browsers play`);
  response.type(type);
  // A root, because without one a folder with a leading dot anywhere above the file would count as hidden.
  response.sendFile(basename(path), { root: dirname(path), dotfiles: 'allow' });
}
