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
  /** The worst of them; `lost` where the worker died, `active` while it is under way. */
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

/** Moments of the timeline that can be told apart: as many as a wide screen has points. */
const MOMENTS = 1_200;

/** Of a lost attempt no end is known but that its worker wrote nothing more. */
interface Task extends Pick<Block, 'stage' | 'outcome'> {
  worker: string;
  begin: number;
  end: number;
}

const OUTCOMES: Block['outcome'][] = ['done', 'put off', 'active', 'failed', 'lost'];

/**
 * The timeline of a run. Documents are left out: to write them takes moments, in lanes of its own.
 *
 * @param alive Ids of the workers that live; null where that is not known.
 * @param now In ms.
 */
export function blocksOf(
  attempts: readonly Attempt[],
  alive: ReadonlySet<string> | null,
  now: number,
): Timeline {
  const tasks = tasksOf(attempts, alive, now);
  if (tasks.length === 0) return { beginsAt: null, seconds: 0, workers: [], blocks: [] };
  const start = tasks[0].begin;
  const end = tasks.reduce((latest, task) => Math.max(latest, task.end), start);
  const grain = (end - start) / MOMENTS;

  const positions = new Map<string, number>();
  const workers: Timeline['workers'] = [];
  /** By worker: the last block of each of its lanes. */
  const lanes: Block[][] = [];
  const blocks: Block[] = [];
  for (const task of tasks) {
    const position = positions.get(task.worker) ?? workers.length;
    positions.set(task.worker, position);
    workers[position] ??= { id: task.worker, attempts: 0, failed: 0, busySeconds: 0 };
    lanes[position] ??= [];
    const worker = workers[position];
    const last = lanes[position];
    worker.attempts++;
    worker.busySeconds += (task.end - task.begin) / 1_000;
    if (task.outcome === 'failed' || task.outcome === 'lost') worker.failed++;

    const begin = (task.begin - start) / 1_000;
    const free = last.findIndex((block) => block.end <= begin);
    const lane = free < 0 ? last.length : free;
    const { stage, outcome } = task;
    const block = {
      worker: position,
      lane,
      stage,
      begin,
      end: (task.end - start) / 1_000,
      attempts: 1,
      outcome,
    };
    last[lane] = joined(last[lane], block, grain / 1_000, blocks);
  }
  return { beginsAt: new Date(start).toISOString(), seconds: (end - start) / 1_000, workers, blocks };
}

/** Joins a block to the one before it in its lane where the eye could not part them; else lists it. */
function joined(before: Block | undefined, block: Block, grain: number, blocks: Block[]): Block {
  const short = before && block.end - before.begin < 2 * grain;
  if (!before || !short || before.stage !== block.stage) {
    blocks.push(block);
    return block;
  }
  before.end = block.end;
  before.attempts += block.attempts;
  if (OUTCOMES.indexOf(block.outcome) > OUTCOMES.indexOf(before.outcome)) before.outcome = block.outcome;
  return before;
}

/** In the order of their beginnings. */
function tasksOf(attempts: readonly Attempt[], alive: ReadonlySet<string> | null, now: number): Task[] {
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
      const active = alive === null || alive.has(worker);
      const end = active ? now : lastSigns.get(worker)!;
      return [{ worker, stage, begin, end: Math.max(begin, end), outcome: active ? 'active' : 'lost' }];
    })
    .sort((a, b) => a.begin - b.begin);
}

function outcomeOf(event: Attempt['event']): Block['outcome'] {
  return event === 'done' || event === 'put off' ? event : 'failed';
}
