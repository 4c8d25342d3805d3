import type { CleaningReport } from '../dataset/track.ts';
import type { ErrorCode } from '../errors.ts';
import type { StageName } from './registry.ts';

export interface StageStatus {
  stage: StageName;
  /** Jobs of the stage; null while the plan is not written. */
  total: number | null;
  done: number;
  /** Null where it is not known which workers live. */
  active: number | null;
  waiting: number | null;
  failed: number | null;
  /** Of the attempts that succeeded; null before the first. */
  durations: Durations | null;
}

/** In seconds. */
export interface Durations {
  count: number;
  p50: number;
  p90: number;
  max: number;
}

/** A job that takes long: more than three times the median of its stage. */
export interface Straggler {
  stage: StageName;
  partition: string | null;
  /** Id of the worker. */
  worker: string;
  seconds: number;
}

export interface WorkerStatus {
  /** No other process has it, at any time. */
  id: string;
  host: string;
  pid: number;
  concurrency: number;
  /** Of the machine. */
  cores: number;
  /** Cores that the worker and its processors keep busy; null where that cannot be measured. */
  busyCores: number | null;
  /** Their resident bytes; null where that cannot be measured. */
  memory: number | null;
  current: { stage: StageName; run: string; partition: string | null }[];
  /** ISO 8601 time of the last heartbeat. */
  seenAt: string;
}

export interface FailureGroup {
  code: ErrorCode;
  count: number;
  /** Whether it may have been the machine's fault, so that the same files may pass when they are tried again. */
  passing: boolean;
  /** The first few, in the order of track ids. */
  samples: { track: string; path: string; message: string }[];
}

/** A run as it stands in a list. */
export type RunSummary = Pick<
  RunStatus,
  'run' | 'source' | 'createdAt' | 'state' | 'reason' | 'tracks' | 'progress' | 'secondsLeft'
>;

/** A run as a user sees it. Level-triggered: made anew from the data folder (and the queue, where reachable). */
export interface RunStatus {
  run: string;
  source: string;
  createdAt: string;
  state: 'planning' | 'extracting' | 'indexing' | 'clustering' | 'paused' | 'cancelled' | 'done' | 'failed';
  /** Why, where the state is `failed`. */
  reason: string | null;
  stages: StageStatus[];
  tracks: { planned: number | null; analysed: number; failed: number; truncated: number };
  /** Share of the audio that is analysed, 0 to 1; bytes stand for the seconds that are not known yet. */
  progress: number;
  audio: {
    analysedSeconds: number;
    /** Null before the first partition; an estimate by the bytes until the last one. */
    totalSeconds: number | null;
    estimated: boolean;
  };
  /** Seconds of audio analysed in a second; null before there are two commits. */
  audioPerSecond: number | null;
  /** Tracks a minute since the first commit; null before there are two commits. */
  tracksPerMinute: number | null;
  /** Null before 5 % are done. */
  secondsLeft: number | null;
  failures: FailureGroup[];
  /** How often failures were given out again. */
  retries: number;
  stragglers: Straggler[];
  workers: WorkerStatus[];
  cleaning: CleaningReport | null;
}
