import { z } from 'zod';
import { SoundalikeError } from '../../errors.ts';
import type { Collection, CollectionTrack } from '../../recommend/collection.ts';
import type { StoredList } from '../../store/listener-documents.ts';
import { trackSchema } from './track-schemas.ts';

const ids = z.array(z.string());

export const recommendationsSchema = z
  .strictObject({
    index: z.string().describe('Id of the index they are from.'),
    revision: z.string().describe('Another one where anything below is another.'),
    latest: z.string().nullable().describe('The newest event that they take into account.'),
    tracks: z
      .array(
        z.strictObject({
          ...trackSchema.shape,
          because: z
            .strictObject({
              track: trackSchema,
              liked: z.boolean().describe('Whether it was liked; else it was listened to.'),
            })
            .nullable()
            .describe('The track it sounds like; null where nothing is known of the listener.'),
        }),
      )
      .describe('The best first, 20 at most.'),
    liked: ids.describe('The newest first.'),
    disliked: ids.describe('The newest first.'),
  })
  .meta({ id: 'Recommendations' });

export type Recommendations = z.output<typeof recommendationsSchema>;

/** A stored list with its tracks; without those that the index has lost in this moment. */
export function showList(list: StoredList, live: Collection): Recommendations {
  const { index, revision, latest, liked, disliked } = list;
  const tracks = list.tracks.flatMap(({ track: id, because }) => {
    const track = findTrack(live, id);
    if (!track) return [];
    const source = because && findTrack(live, because.track);
    return [{ ...track, because: because && source ? { track: source, liked: because.liked } : null }];
  });
  return { index, revision, latest, tracks, liked, disliked };
}

function findTrack(live: Collection, id: string): CollectionTrack | null {
  try {
    return live.track(id);
  } catch (error) {
    if (error instanceof SoundalikeError && error.code === 'TRACK_NOT_FOUND') return null;
    throw error;
  }
}
