import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../errors.ts';
import { STAGES } from '../../jobs/registry.ts';
import type { RunStatus } from '../../jobs/run-status.ts';

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
  active: z.int().nullable().describe('Null where no queue can be asked.'),
  waiting: z.int().nullable(),
  failed: z.int().nullable(),
});

const worker = z.strictObject({
  id: z.string(),
  host: z.string(),
  pid: z.int(),
  concurrency: z.int(),
  current: z.array(z.strictObject({ stage: stageName, run: z.string(), partition: z.string().nullable() })),
  seenAt: time.describe('The last heartbeat.'),
});

const failureGroup = z.strictObject({
  code: z.enum(Object.keys(ERRORS) as ErrorCode[]),
  count: z.int(),
  samples: z.array(z.strictObject({ track: z.string(), path: z.string(), message: z.string() })),
});

export const runSchema = z
  .strictObject({
    run: z.string(),
    source: z.string(),
    createdAt: time,
    state: z.enum(['planning', 'extracting', 'indexing', 'done', 'failed']),
    reason: z.string().nullable().describe('Why, where the state is `failed`.'),
    stages: z.array(stage),
    tracks: z.strictObject({
      planned: z.int().nullable(),
      analysed: z.int(),
      failed: z.int(),
      truncated: z.int(),
    }),
    progress: z.number().describe('Share of the audio bytes that is committed, 0 to 1.'),
    tracksPerMinute: z.number().nullable(),
    secondsLeft: z.number().nullable().describe('Null before 5 % are done.'),
    failures: z.array(failureGroup),
    workers: z.array(worker),
    cleaning: cleaningReport.nullable(),
  })
  .meta({ id: 'Run' }) satisfies z.ZodType<RunStatus>;
