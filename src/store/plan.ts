import { z } from 'zod';
import type { CleaningReport, DatasetRequest, Track } from '../dataset/track.ts';
import type { ErrorCode } from '../errors.ts';

/** One partition as plan.json names it; its tracks stand in one line of plan.jsonl. */
export interface PartitionEntry {
  /** sha256 (first 16 hex digits) of the tracks and the settings. */
  id: string;
  tracks: number;
  bytes: number;
  /** Where the partition's line stands in plan.jsonl, in bytes. */
  offset: number;
  length: number;
  /** Only where it stands in for a partition of which failures are analysed again. */
  retry?: PartitionRetry;
}

/** Where a partition that is analysed again in part comes from. */
export interface PartitionRetry {
  /** The partition whose rows and other failures stay as they are. */
  of: string;
  /** The id that the tracks have in plan.jsonl. */
  planned: string;
  /** Failures of these classes are analysed again. */
  codes: ErrorCode[];
}

/** Everything that decides a feature's value besides the files. */
export interface RunSettings {
  featureVersion: string;
  /** Audio longer than this is a failure row, in seconds. */
  maximumSeconds: number;
}

export interface Plan {
  run: string;
  request: DatasetRequest;
  settings: RunSettings;
  /** The folder that the tracks' relative paths start from. */
  root: string;
  tracks: number;
  bytes: number;
  report: CleaningReport;
  /** In the order of their first track's id. */
  partitions: PartitionEntry[];
  /** How often failures were given out again; absent where never. */
  retries?: number;
}

/** A partition with its tracks, in the order of track ids. */
export interface Partition {
  id: string;
  tracks: Track[];
}

export const datasetRequestSchema: z.ZodType<DatasetRequest> = z.object({
  source: z.string(),
  metadata: z.string().nullable(),
  sample: z.int().nullable(),
});

const counts = z.record(z.string(), z.int());

const reportSchema: z.ZodType<CleaningReport> = z.object({
  rows: z.int(),
  files: z.int(),
  matched: z.int(),
  filesWithoutRow: z.int(),
  rowsWithoutFile: z.int(),
  repaired: counts,
  dropped: counts,
  sampled: z.int().nullable(),
});

export const settingsSchema: z.ZodType<RunSettings> = z.object({
  featureVersion: z.string(),
  maximumSeconds: z.number(),
});

export const planSchema: z.ZodType<Plan> = z.object({
  run: z.string(),
  request: datasetRequestSchema,
  settings: settingsSchema,
  root: z.string(),
  tracks: z.int(),
  bytes: z.int(),
  report: reportSchema,
  partitions: z.array(
    z.object({ id: z.string(), tracks: z.int(), bytes: z.int(), offset: z.int(), length: z.int() }),
  ),
});

const text = z.string().nullable();

const trackSchema: z.ZodType<Track> = z.object({
  id: z.string(),
  path: z.string(),
  bytes: z.int(),
  metadata: z.object({
    title: text,
    artist: text,
    album: text,
    genre: text,
    genres: z.array(z.string()),
    tags: z.array(z.string()),
    date: text,
    license: text,
    listens: z.number().nullable(),
  }),
});

export const partitionSchema: z.ZodType<Partition> = z.object({
  id: z.string(),
  tracks: z.array(trackSchema),
});
