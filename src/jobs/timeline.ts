import type { Attempt } from '../store/attempt-log.ts';
import { STAGES, type StageName } from './registry.ts';

/**
 * Attempts side by side in the lane of a worker, as one where they are too short to be told apart: what is drawn of a
 * long run is no more than of a short one.
 */
export interface Block {
  /** Position of the worker in `workers`. */
  worker: number;
  /** A worker with several processors has as many lanes, counted from 0. */
  lane: number;
  stage: StageName;
  /** Seconds since the beginning of the timeline. */
  begin: number;
  end: number;
  attempts: number;
  /** The same of all of them; `lost` where no end is known, `active` while it is under way. */
  outcome: 'done' | 'put off' | 'active' | 'failed' | 'lost';
}

export interface Timeline {
  /** ISO 8601 time of the first attempt; null before there is one. */
  beginsAt: string | null;
  /** Until now while something is under way, else until the last end. */
  seconds: number;
  /** In the order of their first attempts. */
  workers: { id: string; attempts: number; failed: number; busySeconds: number }[];
  blocks: Block[];
}

/** Blocks there are at most, but for attempts that are too long to be joined. */
const BLOCKS = 3_000;

/** Of a lost attempt no end is known but that its worker wrote nothing more. */
interface Task extends Pick<Block, 'stage' | 'outcome'> {
  worker: string;
  begin: number;
  end: number;
}

/**
 * The timeline of a run. Documents are left out: to write them takes moments, in lanes of its own.
 *
 * @param isUnderWay Of an attempt without an end.
 * @param now In ms.
 */
export function blocksOf(
  attempts: readonly Attempt[],
  isUnderWay: (attempt: Attempt) => boolean,
  now: number,
): Timeline {
  const tasks = tasksOf(attempts, isUnderWay, now);
  if (tasks.length === 0) return { beginsAt: null, seconds: 0, workers: [], blocks: [] };
  const start = tasks[0].begin;
  const end = tasks.reduce((latest, task) => Math.max(latest, task.end), start);
  const positions = new Map<string, number>();
  const workers: Timeline['workers'] = [];
  /** By worker and lane, in the order of time. */
  const lanes: Task[][][] = [];
  for (const task of tasks) {
    const position = positions.get(task.worker) ?? workers.length;
    positions.set(task.worker, position);
    workers[position] ??= { id: task.worker, attempts: 0, failed: 0, busySeconds: 0 };
    lanes[position] ??= [];
    const worker = workers[position];
    worker.attempts++;
    worker.busySeconds += (task.end - task.begin) / 1_000;
    if (task.outcome === 'failed' || task.outcome === 'lost') worker.failed++;
    const free = lanes[position].find((lane) => lane.at(-1)!.end <= task.begin);
    if (free) free.push(task);
    else lanes[position].push([task]);
  }
  const count = lanes.reduce((sum, ofWorker) => sum + ofWorker.length, 0);
  const grain = ((end - start) * count) / BLOCKS;
  const blocks = lanes.flatMap((ofWorker, worker) =>
    ofWorker.flatMap((ofLane, lane) =>
      joined(ofLane, grain).map(({ stage, outcome, begin, end, attempts }) => ({
        worker,
        lane,
        stage,
        begin: (begin - start) / 1_000,
        end: (end - start) / 1_000,
        attempts,
        outcome,
      })),
    ),
  );
  return { beginsAt: new Date(start).toISOString(), seconds: (end - start) / 1_000, workers, blocks };
}

/** Joins tasks of a lane that follow each other and end alike, as long as they take less than `grain` ms in all. */
function joined(lane: readonly Task[], grain: number): (Task & { attempts: number })[] {
  const joints: (Task & { attempts: number })[] = [];
  for (const task of lane) {
    const last = joints.at(-1);
    if (last?.stage === task.stage && last.outcome === task.outcome && task.end - last.begin < grain) {
      last.end = task.end;
      last.attempts++;
    } else joints.push({ ...task, attempts: 1 });
  }
  return joints;
}

/** In the order of their beginnings. */
function tasksOf(
  attempts: readonly Attempt[],
  isUnderWay: (attempt: Attempt) => boolean,
  now: number,
): Task[] {
  const lastSigns = new Map<string, number>();
  for (const { worker, begun, ended } of attempts) {
    lastSigns.set(worker, Math.max(lastSigns.get(worker) ?? 0, ended ?? begun));
  }
  return attempts
    .filter(({ stage }) => stage !== 'documents')
    .flatMap((attempt): Task[] => {
      const { worker, begun: begin, ended, event } = attempt;
      const stage = STAGES.find((name) => name === attempt.stage);
      if (!stage) return [];
      if (ended !== null) return [{ worker, stage, begin, end: ended, outcome: outcomeOf(event) }];
      const active = isUnderWay(attempt);
      const end = active ? now : lastSigns.get(worker)!;
      return [{ worker, stage, begin, end: Math.max(begin, end), outcome: active ? 'active' : 'lost' }];
    })
    .sort((a, b) => a.begin - b.begin);
}

function outcomeOf(event: Attempt['event']): Block['outcome'] {
  return event === 'done' || event === 'put off' ? event : 'failed';
}
