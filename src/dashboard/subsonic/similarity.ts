import { z } from 'zod';
import type { Collection, SimilarTrack } from '../../recommend/collection.ts';
import { catalogueOf } from './catalogue.ts';
import { type Command, command } from './commands.ts';
import { songElement } from './describe.ts';
import { count } from './parameters.ts';

/** Tracks of an artist or album that stand for how it sounds. */
const MOST_SEEDS = 50;

/** The protocol's "not supported": a path has distances from track to track, and none to its start. */
const NO_SIMILARITY = -1;

const similarSongs = (list: 'similarSongs' | 'similarSongs2') =>
  command({ id: z.string(), count: count(50) }, async ({ id, count: k }, collection) => {
    const found = await similar(collection, await seedsOf(collection, id), k);
    return { [list]: { song: found.map(songElement) } };
  });

/** What sounds alike; sonicSimilarity is OpenSubsonic's extension of this name, version 1. */
export const SIMILARITY: Record<string, Command> = {
  getSimilarSongs: similarSongs('similarSongs'),
  getSimilarSongs2: similarSongs('similarSongs2'),
  // What others play is not known here.
  getTopSongs: async () => ({ topSongs: {} }),

  getSonicSimilarTracks: command(
    { id: z.string(), count: count(10) },
    async ({ id, count: k }, collection) => {
      const found = await similar(collection, [id], k);
      return {
        sonicMatch: found.map((track) => ({ entry: songElement(track), similarity: track.similarity })),
      };
    },
  ),
  findSonicPath: command(
    { startSongId: z.string(), endSongId: z.string(), count: count(25, 100) },
    async ({ startSongId, endSongId, count: most }, collection) => {
      const [from, to] = [collection.track(startSongId), collection.track(endSongId)];
      const path = from.id === to.id ? [from] : await collection.path(from.id, to.id, Math.max(1, most - 1));
      return {
        sonicMatch: path.map((track, place) => ({
          entry: songElement(track),
          similarity: place === 0 ? 1 : NO_SIMILARITY,
        })),
      };
    },
  ),
};

/** The tracks of an artist or album, or the one track. */
async function seedsOf(collection: Collection, id: string): Promise<string[]> {
  const catalogue = await catalogueOf(collection);
  const albums = catalogue.artist(id)?.albums ?? [catalogue.album(id)];
  const tracks = albums.flatMap((album) => album?.tracks ?? []);
  return tracks.length > 0 ? tracks.slice(0, MOST_SEEDS) : [id];
}

async function similar(collection: Collection, seeds: string[], k: number): Promise<SimilarTrack[]> {
  // To know of a track that there is none is part of the answer, however few are asked for.
  for (const id of seeds) collection.track(id);
  return k === 0 ? [] : collection.similar(seeds, { k });
}
