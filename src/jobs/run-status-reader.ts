import { redactCredentials } from '../redact.ts';
import { openAttempts } from '../store/attempt-log.ts';
import type { Documents } from '../store/documents.ts';
import type { Plan } from '../store/plan.ts';
import { readPlan } from '../store/plan-files.ts';
import { countRetries } from '../store/retries.ts';
import { type RunCommand, readCommand } from '../store/run-command.ts';
import { isComplete } from '../store/run-outcome.ts';
import { listRuns, readRequest } from '../store/runs.ts';
import { type StageAttempts, stragglersOf, summariseAttempts, underWayBy } from './attempt-summary.ts';
import { openClusterProgress } from './cluster-progress.ts';
import { joinGroups } from './failure-groups.ts';
import { liveWorkers } from './heartbeat.ts';
import { estimate } from './progress.ts';
import type { Queues } from './queues.ts';
import { jobId, STAGES, type StageName } from './registry.ts';
import { openCommits } from './run-commits.ts';
import type { RunStatus, RunSummary, StageStatus } from './run-status.ts';
import { blocksOf, type Timeline } from './timeline.ts';

/** Stragglers shown. */
const STRAGGLERS = 10;

/** Where a status comes from: the data folder always, queue and documents where this process can reach them. */
export interface StatusSources {
  dataDir: string;
  queues: Queues | null;
  documents: Documents | null;
}

export interface RunStatusReader {
  /** Newest first. */
  listRuns(): Promise<RunSummary[]>;
  /** @throws SoundalikeError RUN_NOT_FOUND */
  runStatus(run: string): Promise<RunStatus>;
  /** Who worked on what and when. @throws SoundalikeError RUN_NOT_FOUND */
  runTimeline(run: string): Promise<Timeline>;
}

/** What is kept of a run between two looks; all of it is read again where it has changed. */
interface Known {
  plan: Plan | null;
  commitsOf: ReturnType<typeof openCommits>;
  attemptsOf: ReturnType<typeof openAttempts>;
  clusteringOf: ReturnType<typeof openClusterProgress>;
}

export function createRunStatusReader({ dataDir, queues, documents }: StatusSources): RunStatusReader {
  const runs = new Map<string, Known>();

  function knownOf(run: string): Known {
    const known = runs.get(run) ?? {
      plan: null,
      commitsOf: openCommits(dataDir, run),
      attemptsOf: openAttempts(dataDir, run),
      clusteringOf: openClusterProgress(dataDir, run),
    };
    runs.set(run, known);
    return known;
  }

  /** A plan changes only by a retry. */
  async function planOf(run: string): Promise<Plan | null> {
    const known = knownOf(run);
    if (!known.plan || (known.plan.retries ?? 0) !== (await countRetries(dataDir, run))) {
      known.plan = await readPlan(dataDir, run);
    }
    return known.plan;
  }

  /** What the data folder alone tells of a run. */
  async function read(run: string) {
    const { request, createdAt } = await readRequest(dataDir, run);
    const { command, at } = await readCommand(dataDir, run);
    const known = knownOf(run);
    const plan = await planOf(run);
    const committed = plan ? await known.commitsOf(plan) : [];
    const attempts = summariseAttempts(await known.attemptsOf(), at);
    const complete = committed.length === plan?.partitions.length && (await isComplete(dataDir, run));
    const clustering = await known.clusteringOf();
    const isClustered = !clustering || clustering.done === clustering.total;
    const reason = complete && isClustered ? null : await failureOf(run, complete, attempts);
    const state = stateOf(plan, committed.length, { complete, isClustered }, reason, command);
    const progress = estimate(committed, plan?.bytes ?? null);
    // How many iterations a clustering takes is not known before.
    const secondsLeft = state === 'clustering' ? null : progress.secondsLeft;
    const summary: RunSummary = {
      run,
      source: redactCredentials(request.source),
      createdAt,
      state,
      reason,
      tracks: {
        planned: plan?.tracks ?? null,
        analysed: sum(committed, ({ rows }) => rows),
        failed: sum(committed, ({ failed }) => failed),
        truncated: sum(committed, ({ truncated }) => truncated),
      },
      progress: progress.progress,
      secondsLeft,
    };
    return { summary, progress, plan, committed, attempts, complete, clustering };
  }

  async function runStatus(run: string): Promise<RunStatus> {
    // Before the attempts: what ended in between then has an end, and what began is newer than the heartbeat.
    const workers = documents ? await liveWorkers(documents) : [];
    const { summary, progress, plan, committed, attempts, complete, clustering } = await read(run);
    const partitions = plan?.partitions.length ?? null;
    const toPublish = partitions === null ? null : partitions + (clustering?.clusterings ?? 0);
    const done: Record<StageName, number> = {
      plan: plan ? 1 : 0,
      extract: committed.length,
      documents: documents ? Math.min(toPublish ?? 0, await publishedOf(documents, run)) : 0,
      index: complete ? 1 : 0,
      cluster: clustering?.done ?? 0,
    };
    const total: Record<StageName, number | null> = {
      plan: 1,
      extract: partitions,
      documents: toPublish,
      index: 1,
      cluster: clustering?.total ?? 0,
    };
    const isUnderWay = underWayBy(workers, run);
    const underWay = (stage: StageName) => attempts[stage].open.filter(isUnderWay);
    const shown = STAGES.filter(
      (stage) => (stage !== 'documents' || documents) && (stage !== 'cluster' || clustering),
    );

    return {
      ...progress,
      ...summary,
      stages: shown.map((stage) =>
        stageStatus(
          stage,
          { total: total[stage], done: done[stage], active: documents && underWay(stage).length },
          attempts[stage],
        ),
      ),
      failures: joinGroups(committed.flatMap(({ failures }) => failures)),
      retries: plan?.retries ?? 0,
      stragglers: STAGES.flatMap((stage) =>
        stragglersOf(stage, attempts[stage].durations, underWay(stage), Date.now()),
      ).slice(0, STRAGGLERS),
      workers,
      cleaning: plan?.report ?? null,
    };
  }

  /**
   * A run has failed when its plan or its index has; a failed partition makes the index fail in the end. The log of
   * attempts tells it, also to a process that cannot ask the queue; one that can makes sure. Of a run that is done, its
   * clustering may have failed.
   */
  async function failureOf(
    run: string,
    complete: boolean,
    attempts: Record<StageName, StageAttempts>,
  ): Promise<string | null> {
    if (complete) return attempts.cluster.givenUp.reason;
    for (const stage of ['plan', 'index'] as const) {
      const { count, reason } = attempts[stage].givenUp;
      if (count === 0) continue;
      const job = await queues?.stages[stage].getJob(jobId(stage, run));
      if (!queues || (await job?.getState()) === 'failed') return reason ?? 'unknown';
    }
    return null;
  }

  return {
    runStatus,
    async listRuns() {
      const summaries: RunSummary[] = [];
      for (const { run } of await listRuns(dataDir)) summaries.push((await read(run)).summary);
      return summaries;
    },
    async runTimeline(run) {
      await readRequest(dataDir, run);
      // Where nobody knows who lives, nobody is said to be dead.
      const isUnderWay = documents ? underWayBy(await liveWorkers(documents), run) : () => true;
      return blocksOf(await knownOf(run).attemptsOf(), isUnderWay, Date.now());
    },
  };
}

function stageStatus(
  stage: StageName,
  { total, done, active }: { total: number | null; done: number; active: number | null },
  { durations, givenUp }: StageAttempts,
): StageStatus {
  const left = total === null ? null : total - done;
  const working = active === null ? null : Math.min(active, left ?? active);
  const failed = Math.min(givenUp.count, left ?? 0);
  const waiting = left === null || working === null ? null : Math.max(0, left - working - failed);
  return { stage, total, done, active: working, waiting, failed, durations };
}

function stateOf(
  plan: Plan | null,
  committed: number,
  { complete, isClustered }: { complete: boolean; isClustered: boolean },
  reason: string | null,
  command: RunCommand,
): RunStatus['state'] {
  if (complete && isClustered) return 'done';
  if (command !== 'go') return command === 'pause' ? 'paused' : 'cancelled';
  if (reason !== null) return 'failed';
  if (complete) return 'clustering';
  if (!plan) return 'planning';
  return committed < plan.partitions.length ? 'extracting' : 'indexing';
}

/** Partitions and clusterings whose documents are written. */
async function publishedOf(documents: Documents, run: string): Promise<number> {
  return (await documents.count('partitions', { run })) + (await documents.count('clusterings', { run }));
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
