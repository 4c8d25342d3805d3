import { seededRandom } from '../synth/random.ts';
import type { CatalogueTrack } from './catalogue.ts';
import { encodeMp3 } from './mp3.ts';

/** Seconds of a clip, as in FMA. */
export const CLIP_SECONDS = 30;

/** Composes, plays and encodes a track. The same track gives the same bytes. */
export function renderTrack(track: CatalogueTrack, seconds = CLIP_SECONDS): Promise<Buffer> {
  return encodeMp3(track.artist.compose(seededRandom(`${track.artist.name}/${track.title}`), seconds));
}
