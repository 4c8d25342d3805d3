import { z } from 'zod';
import { rangeSchema } from '../../recommend/track-filter.ts';

const textOrTexts = z.union([z.string().max(200), z.array(z.string().max(200)).max(50)]);

/** A parameter that may be there several times, as the array of its values. */
export const repeated = textOrTexts.transform((values) => [values].flat());

/** What tracks are filtered by: `genre=Rock&genre=Folk&tempo=90-120&duration=60-300`, the duration in seconds. */
export const filterParameters = {
  genre: repeated.optional().describe('Only tracks of one of these genres.'),
  tempo: rangeSchema.optional().describe('Only tracks of so many beats a minute, e.g. 90-120.'),
  duration: rangeSchema.optional().describe('Only tracks of so many seconds, e.g. 60-300.'),
};
