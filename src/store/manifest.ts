import type { ErrorCode } from '../errors.ts';

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
