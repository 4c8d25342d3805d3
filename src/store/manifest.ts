import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../errors.ts';

/** A track that could not be analysed. */
export interface TrackFailure {
  track: string;
  path: string;
  code: ErrorCode;
  message: string;
}

/** Count, mean and sum of squared deviations (Welford) of one column's bands, for standard scaling. */
export interface ColumnMoments {
  count: number;
  mean: number[];
  m2: number[];
}

/**
 * The commit record of one partition: exactly one attempt's manifest exists, and readers go by it alone.
 * Nothing in it depends on time, on the attempt or on the machine.
 */
export interface Manifest {
  run: string;
  stage: 'extract';
  partition: string;
  /** Name of the shard below `shards/`; null where no track of the partition could be analysed. */
  file: string | null;
  rows: number;
  failures: TrackFailure[];
  /** Seconds of audio analysed. */
  seconds: number;
  truncated: number;
  bytes: number;
  sha256: string | null;
  /** By shard column (`mfcc_mean`, …). */
  moments: Record<string, ColumnMoments>;
  versions: { features: string; shard: number };
}

/** What is shown of a manifest. */
export type ManifestSummary = Pick<Manifest, 'rows' | 'failures' | 'seconds' | 'truncated'>;

export const failureSchema: z.ZodType<TrackFailure> = z.object({
  track: z.string(),
  path: z.string(),
  code: z.enum(Object.keys(ERRORS) as ErrorCode[]),
  message: z.string(),
});

const failures = z.array(failureSchema);

/** Passes over the moments, which are nearly all of a manifest. */
export const summarySchema: z.ZodType<ManifestSummary> = z.object({
  rows: z.int(),
  failures,
  seconds: z.number(),
  truncated: z.int(),
});

export const manifestSchema: z.ZodType<Manifest> = z.object({
  run: z.string(),
  stage: z.literal('extract'),
  partition: z.string(),
  file: z.string().nullable(),
  rows: z.int(),
  failures,
  seconds: z.number(),
  truncated: z.int(),
  bytes: z.int(),
  sha256: z.string().nullable(),
  moments: z.record(
    z.string(),
    z.object({ count: z.int(), mean: z.array(z.number()), m2: z.array(z.number()) }),
  ),
  versions: z.object({ features: z.string(), shard: z.int() }),
});
