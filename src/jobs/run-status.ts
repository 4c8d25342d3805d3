import type { CleaningReport } from '../dataset/track.ts';
import type { ErrorCode } from '../errors.ts';
import type { StageName } from './registry.ts';

export interface StageStatus {
  stage: StageName;
  /** Jobs of the stage; null while the plan is not written. */
  total: number | null;
  done: number;
  /** From the queue; null where no queue can be asked. */
  active: number | null;
  waiting: number | null;
  failed: number | null;
}

export interface WorkerStatus {
  /** `<host>:<pid>`. */
  id: string;
  host: string;
  pid: number;
  concurrency: number;
  current: { stage: StageName; run: string; partition: string | null }[];
  /** ISO 8601 time of the last heartbeat. */
  seenAt: string;
}

export interface FailureGroup {
  code: ErrorCode;
  count: number;
  /** The first few, in the order of track ids. */
  samples: { track: string; path: string; message: string }[];
}

/** A run as a user sees it. Level-triggered: made anew from the data folder (and the queue, where reachable). */
export interface RunStatus {
  run: string;
  source: string;
  createdAt: string;
  state: 'planning' | 'extracting' | 'indexing' | 'done' | 'failed';
  /** Why, where the state is `failed`. */
  reason: string | null;
  stages: StageStatus[];
  tracks: { planned: number | null; analysed: number; failed: number; truncated: number };
  /** Share of the audio bytes that is committed, 0 to 1. */
  progress: number;
  /** Tracks a minute since the first commit; null before there are two commits. */
  tracksPerMinute: number | null;
  /** Null before 5 % are done. */
  secondsLeft: number | null;
  failures: FailureGroup[];
  workers: WorkerStatus[];
  cleaning: CleaningReport | null;
}
