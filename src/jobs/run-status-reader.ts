import { stat } from 'node:fs/promises';
import type { Job } from 'bullmq';
import { redactCredentials } from '../redact.ts';
import type { Documents } from '../store/documents.ts';
import type { Manifest } from '../store/manifest.ts';
import { listCommitted, manifestFile, readManifest } from '../store/manifest-files.ts';
import type { Plan } from '../store/plan.ts';
import { readPlan } from '../store/plan-files.ts';
import { readSuccess } from '../store/run-outcome.ts';
import { listRuns, readRequest } from '../store/runs.ts';
import { liveWorkers } from './heartbeat.ts';
import { type Commit, estimate } from './progress.ts';
import type { Queues } from './queues.ts';
import { jobId, STAGES, type StageName } from './registry.ts';
import type { FailureGroup, RunStatus, StageStatus } from './run-status.ts';

/** Failures shown of each class. */
const SAMPLES = 5;

/** Jobs of one state that a status looks through. */
const JOBS_LOOKED_AT = 1_000;

/** Where a status comes from: the data folder always, queue and documents where this process can reach them. */
export interface StatusSources {
  dataDir: string;
  queues: Queues | null;
  documents: Documents | null;
}

export interface RunStatusReader {
  /** Newest first. */
  listRuns(): Promise<RunStatus[]>;
  /** @throws SoundalikeError RUN_NOT_FOUND */
  runStatus(run: string): Promise<RunStatus>;
}

/** What a status needs of a manifest; kept, since a manifest never changes. */
interface Committed extends Commit, Pick<Manifest, 'rows' | 'failures' | 'truncated'> {}

/** A run's jobs of one stage, by what the queue says of them. */
interface QueueView {
  active: number;
  failed: number;
}

const IDLE: QueueView = { active: 0, failed: 0 };

export function createRunStatusReader({ dataDir, queues, documents }: StatusSources): RunStatusReader {
  const plans = new Map<string, Plan>();
  const commits = new Map<string, Map<string, Committed>>();

  async function planOf(run: string): Promise<Plan | null> {
    const plan = plans.get(run) ?? (await readPlan(dataDir, run));
    if (plan) plans.set(run, plan);
    return plan;
  }

  async function commitsOf(run: string, plan: Plan): Promise<Committed[]> {
    const known = commits.get(run) ?? new Map<string, Committed>();
    commits.set(run, known);
    const present = await listCommitted(dataDir, run);
    for (const { id, tracks, bytes } of plan.partitions) {
      if (known.has(id) || !present.has(id)) continue;
      const manifest = await readManifest(dataDir, run, id);
      if (!manifest) continue;
      const { mtimeMs } = await stat(manifestFile(dataDir, run, id));
      const { rows, failures, truncated } = manifest;
      known.set(id, { rows, failures, truncated, tracks, bytes, at: mtimeMs });
    }
    return plan.partitions.flatMap(({ id }) => (present.has(id) ? (known.get(id) ?? []) : []));
  }

  /** Asks as little as possible: a status is read often, and the queue has work to give out. */
  async function queueView(stage: StageName, run: string): Promise<QueueView | null> {
    if (!queues) return null;
    const queue = queues.stages[stage];
    const counts = await queue.getJobCounts('active', 'failed');
    const ofRun = async (state: 'active' | 'failed'): Promise<Job[]> => {
      if (!counts[state]) return [];
      const jobs = await queue.getJobs([state], 0, JOBS_LOOKED_AT);
      return jobs.filter((job) => job?.data?.run === run);
    };
    const [active, failed] = [await ofRun('active'), await ofRun('failed')];
    return { active: active.length, failed: failed.length };
  }

  async function runStatus(run: string): Promise<RunStatus> {
    const { request, createdAt } = await readRequest(dataDir, run);
    const plan = await planOf(run);
    const committed = plan ? await commitsOf(run, plan) : [];
    const partitions = plan?.partitions.length ?? null;
    const complete = committed.length === partitions && (await readSuccess(dataDir, run)) !== null;
    const done: Record<StageName, number> = {
      plan: plan ? 1 : 0,
      extract: committed.length,
      documents: documents ? await documents.count('partitions', { run }) : 0,
      index: complete ? 1 : 0,
    };
    const total: Record<StageName, number | null> = {
      plan: 1,
      extract: partitions,
      documents: partitions,
      index: 1,
    };
    const views = new Map<StageName, QueueView | null>();
    for (const stage of STAGES) {
      const over = total[stage] !== null && done[stage] >= total[stage];
      const begun = stage === 'plan' || plan !== null;
      views.set(stage, over || !begun ? IDLE : await queueView(stage, run));
    }

    const stages = STAGES.filter((stage) => stage !== 'documents' || documents).map((stage): StageStatus => {
      const view = views.get(stage) ?? null;
      const left = total[stage] === null ? null : total[stage] - done[stage];
      const active = view && Math.min(view.active, left ?? 0);
      const failed = view && Math.min(view.failed, left ?? 0);
      const waiting =
        left === null || active === null || failed === null ? null : Math.max(0, left - active - failed);
      return { stage, total: total[stage], done: done[stage], active, waiting, failed };
    });
    const reason = complete ? null : await failureOf(run, views);

    return {
      run,
      source: redactCredentials(request.source),
      createdAt,
      state: stateOf(plan, committed.length, complete, reason),
      reason,
      stages,
      tracks: {
        planned: plan?.tracks ?? null,
        analysed: sum(committed, ({ rows }) => rows),
        failed: sum(committed, ({ failures }) => failures.length),
        truncated: sum(committed, ({ truncated }) => truncated),
      },
      ...estimate(committed, plan?.bytes ?? null),
      failures: groupFailures(committed),
      workers: documents ? await liveWorkers(documents) : [],
      cleaning: plan?.report ?? null,
    };
  }

  /** A run has failed when its plan or its index has; a failed partition makes the index fail in the end. */
  async function failureOf(run: string, views: Map<StageName, QueueView | null>): Promise<string | null> {
    for (const stage of ['plan', 'index'] as const) {
      const job = views.get(stage)?.failed
        ? await queues?.stages[stage].getJob(jobId(stage, run))
        : undefined;
      if (job && (await job.getState()) === 'failed') return job.failedReason ?? 'unknown';
    }
    return null;
  }

  return {
    runStatus,
    async listRuns() {
      const statuses: RunStatus[] = [];
      for (const { run } of await listRuns(dataDir)) statuses.push(await runStatus(run));
      return statuses;
    },
  };
}

function stateOf(
  plan: Plan | null,
  committed: number,
  complete: boolean,
  reason: string | null,
): RunStatus['state'] {
  if (complete) return 'done';
  if (reason !== null) return 'failed';
  if (!plan) return 'planning';
  return committed < plan.partitions.length ? 'extracting' : 'indexing';
}

function sum<Item>(items: Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function groupFailures(committed: Committed[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { code, track, path, message } of committed.flatMap(({ failures }) => failures)) {
    const group = groups.get(code) ?? { code, count: 0, samples: [] };
    groups.set(code, group);
    group.count++;
    if (group.samples.length < SAMPLES) group.samples.push({ track, path, message });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}
