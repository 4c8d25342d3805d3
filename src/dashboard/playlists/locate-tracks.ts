import { SoundalikeError } from '../../errors.ts';
import type { Collection, CollectionTrack } from '../../recommend/collection.ts';
import { readLocation } from './m3u.ts';

/** The tracks of some ids, and the ids that the index does not hold. */
export function tracksOf(
  live: Collection,
  ids: readonly string[],
): { tracks: CollectionTrack[]; missing: string[] } {
  const tracks: CollectionTrack[] = [];
  const missing: string[] = [];
  for (const id of ids) {
    const track = trackOrNull(live, id);
    if (track) tracks.push(track);
    else missing.push(id);
  }
  return { tracks, missing };
}

/** The tracks that the locations of a playlist file name, in their order, and the locations that name none. */
export async function locateTracks(
  live: Collection,
  locations: readonly string[],
): Promise<{ tracks: CollectionTrack[]; unknown: string[] }> {
  const read = locations.map(readLocation);
  const byPath = await live.tracksOfPaths(read.map((one) => ('path' in one ? one.path : '')));
  const found = read.map((one, place) => ('id' in one ? trackOrNull(live, one.id) : byPath[place]!));
  return {
    tracks: found.filter((track) => track !== null),
    unknown: locations.filter((_, place) => found[place] === null),
  };
}

function trackOrNull(live: Collection, id: string): CollectionTrack | null {
  try {
    return live.track(id);
  } catch (error) {
    if (error instanceof SoundalikeError && error.code === 'TRACK_NOT_FOUND') return null;
    throw error;
  }
}
