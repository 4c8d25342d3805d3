import type { CleaningReport, DatasetRequest, Track } from '../dataset/track.ts';

/** One partition as plan.json names it; its tracks stand in one line of plan.jsonl. */
export interface PartitionEntry {
  /** sha256 (first 16 hex digits) of the tracks and the settings. */
  id: string;
  tracks: number;
  bytes: number;
  /** Where the partition's line stands in plan.jsonl, in bytes. */
  offset: number;
  length: number;
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
}

/** A partition with its tracks, in the order of track ids. */
export interface Partition {
  id: string;
  tracks: Track[];
}
