import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../errors.ts';
import { STAGES } from '../../jobs/registry.ts';
import type { RunStatus, RunSummary } from '../../jobs/run-status.ts';
import type { Timeline } from '../../jobs/timeline.ts';

/** A run's id names a folder, so nothing that could lead out of one. */
export const runParameters = z.object({
  run: z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9][\w.-]*$/, { error: 'is no run id; /api/runs lists them' })
    .describe('The run, as /api/runs names it.'),
});

const stageName = z.enum(STAGES);

const counted = z.record(z.string(), z.int());

const time = z.iso.datetime();

const cleaningReport = z.strictObject({
  rows: z.int().describe('Metadata rows read.'),
  files: z.int().describe('Audio files found.'),
  matched: z.int().describe('Files with a metadata row.'),
  filesWithoutRow: z.int(),
  rowsWithoutFile: z.int(),
  repaired: counted.describe('Values mended, by kind.'),
  dropped: counted.describe('Rows or files left out, by reason.'),
  sampled: z.int().nullable().describe('Tracks left after sampling, where that was asked for.'),
});

const stage = z.strictObject({
  stage: stageName,
  total: z.int().nullable().describe('Null while the plan is not written.'),
  done: z.int(),
  active: z.int().nullable().describe('Null where it is not known which workers live.'),
  waiting: z.int().nullable(),
  failed: z.int().nullable().describe('Jobs that nobody tries again unless the run is resumed.'),
  durations: z
    .strictObject({ count: z.int(), p50: z.number(), p90: z.number(), max: z.number() })
    .nullable()
    .describe('Seconds that jobs took which succeeded.'),
});

const worker = z.strictObject({
  id: z.string(),
  host: z.string(),
  pid: z.int(),
  concurrency: z.int(),
  cores: z.int().describe('Of the machine.'),
  busyCores: z
    .number()
    .nullable()
    .describe('Cores that the worker and its processors keep busy; null where that cannot be measured.'),
  memory: z.number().nullable().describe('Their resident bytes; null where that cannot be measured.'),
  current: z.array(z.strictObject({ stage: stageName, run: z.string(), partition: z.string().nullable() })),
  seenAt: time.describe('The last heartbeat.'),
});

const errorCode = z.enum(Object.keys(ERRORS) as ErrorCode[]);

const failureGroup = z.strictObject({
  code: errorCode,
  count: z.int(),
  passing: z.boolean().describe("Whether it may have been the machine's fault."),
  samples: z.array(z.strictObject({ track: z.string(), path: z.string(), message: z.string() })),
});

export const runSchema = z
  .strictObject({
    run: z.string(),
    source: z.string(),
    createdAt: time,
    state: z.enum([
      'planning',
      'extracting',
      'indexing',
      'clustering',
      'paused',
      'cancelled',
      'done',
      'failed',
    ]),
    reason: z.string().nullable().describe('Why, where the state is `failed`.'),
    stages: z.array(stage),
    tracks: z.strictObject({
      planned: z.int().nullable(),
      analysed: z.int(),
      failed: z.int(),
      truncated: z.int(),
    }),
    progress: z
      .number()
      .describe('Share of the audio that is analysed, 0 to 1; bytes stand for the seconds not known yet.'),
    audio: z.strictObject({
      analysedSeconds: z.number(),
      totalSeconds: z.number().nullable().describe('Null before the first partition is done.'),
      estimated: z.boolean().describe('Whether `totalSeconds` is an estimate by the bytes.'),
    }),
    audioPerSecond: z.number().nullable().describe('Seconds of audio analysed in a second.'),
    tracksPerMinute: z.number().nullable(),
    secondsLeft: z.number().nullable().describe('Null before 5 % are done.'),
    failures: z.array(failureGroup),
    retries: z.int().describe('How often failures were given out again.'),
    stragglers: z
      .array(
        z.strictObject({
          stage: stageName,
          partition: z.string().nullable(),
          worker: z.string(),
          seconds: z.number(),
        }),
      )
      .describe('Jobs under way for more than three times the median of their stage.'),
    workers: z.array(worker),
    cleaning: cleaningReport.nullable(),
  })
  .meta({ id: 'Run' }) satisfies z.ZodType<RunStatus>;

export const runSummarySchema = runSchema
  .pick({
    ...{ run: true, source: true, createdAt: true, state: true, reason: true },
    ...{ tracks: true, progress: true, secondsLeft: true },
  })
  .meta({ id: 'RunSummary' }) satisfies z.ZodType<RunSummary>;

export const timelineSchema = z
  .strictObject({
    beginsAt: time.nullable(),
    seconds: z.number(),
    workers: z.array(
      z.strictObject({ id: z.string(), attempts: z.int(), failed: z.int(), busySeconds: z.number() }),
    ),
    blocks: z.array(
      z.strictObject({
        worker: z.int().describe('Position in `workers`.'),
        lane: z.int().describe('A worker with several processors has several lanes.'),
        stage: stageName,
        begin: z.number().describe('Seconds since `beginsAt`.'),
        end: z.number(),
        attempts: z.int().describe('More than one where they are too short to be told apart.'),
        outcome: z.enum(['done', 'put off', 'active', 'failed', 'lost']),
      }),
    ),
  })
  .meta({ id: 'Timeline' }) satisfies z.ZodType<Timeline>;

export const retrySchema = z.strictObject({
  codes: z
    .array(errorCode)
    .min(1)
    .optional()
    .describe("Classes of failures; those that may have been the machine's fault where left out."),
});
