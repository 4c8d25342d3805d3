import { z } from 'zod';
import type { CollectionTrack, PathTrack, SimilarTrack } from '../../recommend/collection.ts';

/** A track's id, as far as its form goes; the collection decides whether there is such a track. */
export const trackParameters = z.object({
  id: z.string().min(1).max(200).describe('The track, as /api/tracks names it.'),
});

export const trackSchema = z
  .strictObject({
    id: z.string(),
    title: z.string().nullable(),
    artist: z.string().nullable(),
    album: z.string().nullable(),
    genre: z.string().nullable(),
    path: z.string().describe("Below the collection's folder."),
    seconds: z.number(),
    tempo: z.number().nullable().describe('Beats a minute; null where the preset has none.'),
    cluster: z.int32().describe('Tracks of one cluster sound roughly alike.'),
  })
  .meta({ id: 'Track' }) satisfies z.ZodType<CollectionTrack>;

export const similarTrackSchema = z
  .strictObject({
    ...trackSchema.shape,
    distance: z.number().describe('Euclidean, between scaled and weighted feature vectors.'),
    similarity: z.number().describe('1 / (1 + distance): 1 is the same sound.'),
    why: z.string().describe('How it is like what was asked about, and how it is not.'),
  })
  .meta({ id: 'SimilarTrack' }) satisfies z.ZodType<SimilarTrack>;

export const pathTrackSchema = z
  .strictObject({
    ...trackSchema.shape,
    distance: z.number().nullable().describe('From the track before it; null for the first.'),
    why: z.string().nullable().describe('How it is like the track before it; null for the first.'),
  })
  .meta({ id: 'PathTrack' }) satisfies z.ZodType<PathTrack>;
