import { appendFile, mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode } from './atomic-file.ts';
import { canonicalJson } from './json-file.ts';
import { namesIn } from './names-in.ts';
import { runPaths } from './paths.ts';

/**
 * runs/<run>/attempts/<worker>.jsonl: what each worker process tried and when, for people. No other process writes to
 * the file, so lines need no lock; nothing that a run produces depends on them, and they outlive the queue. A line
 * that is cut off by a crash is passed over.
 */
const lineSchema = z.object({
  /** Of the process in its file: its end has the number of its beginning. */
  attempt: z.int(),
  stage: z.string(),
  partition: z.string().nullable(),
  /** ms since 1970. */
  at: z.number(),
  /** `begun`, or how it ended: `put off` is neither success nor failure; after `given up` nobody tries again. */
  event: z.enum(['begun', 'done', 'failed', 'given up', 'put off']),
  reason: z.string().exactOptional(),
});

export type AttemptLine = z.infer<typeof lineSchema>;

/** A try at a job. */
export interface Attempt {
  /** As the worker's heartbeat has it. */
  worker: string;
  stage: string;
  partition: string | null;
  begun: number;
  /** Null while it is under way, or where its worker died. */
  ended: number | null;
  event: AttemptLine['event'];
  reason: string | null;
}

const ENDING = '.jsonl';

/** Appends a line to a worker's log of a run. */
export async function appendAttempt(
  dataDir: string,
  run: string,
  worker: string,
  line: AttemptLine,
): Promise<void> {
  const folder = runPaths(dataDir, run).attempts;
  const path = join(folder, `${encodeURIComponent(worker)}${ENDING}`);
  const text = `${canonicalJson(line)}\n`;
  await appendFile(path, text).catch(async (error) => {
    if (!hasCode(error, 'ENOENT')) throw error;
    await mkdir(folder, { recursive: true });
    await appendFile(path, text);
  });
}

interface ReadLog {
  /** Bytes read so far: whole lines. */
  offset: number;
  byNumber: Map<number, Attempt>;
}

/**
 * Opens the logs of a run.
 *
 * @returns Gives all attempts, worker by worker in the order of their beginnings; reads only what is new since it was
 *   asked last.
 */
export function openAttempts(dataDir: string, run: string): () => Promise<Attempt[]> {
  const folder = runPaths(dataDir, run).attempts;
  const logs = new Map<string, ReadLog>();
  const attempts: Attempt[] = [];

  async function readNew(): Promise<Attempt[]> {
    const names = await namesIn(folder);
    for (const name of names.filter((name) => name.endsWith(ENDING)).sort()) {
      const log = logs.get(name) ?? { offset: 0, byNumber: new Map<number, Attempt>() };
      logs.set(name, log);
      const path = join(folder, name);
      const { size } = await stat(path);
      if (size <= log.offset) continue;
      const worker = decodeURIComponent(name.slice(0, -ENDING.length));
      for (const line of await readLines(path, log, size)) {
        const begun = apply(line, worker, log.byNumber);
        if (begun) attempts.push(begun);
      }
    }
    return attempts;
  }

  // Two looks at once would read the same lines twice and pass over others.
  let turn = Promise.resolve<Attempt[]>([]);
  return () => {
    turn = turn.then(readNew, readNew);
    return turn;
  };
}

async function readLines(path: string, log: ReadLog, size: number): Promise<AttemptLine[]> {
  const bytes = Buffer.alloc(size - log.offset);
  const handle = await open(path, 'r');
  try {
    await handle.read(bytes, 0, bytes.length, log.offset);
  } finally {
    await handle.close();
  }
  // Up to the last line break: what stands behind it is being written.
  const whole = bytes.lastIndexOf('\n') + 1;
  log.offset += whole;
  const lines = bytes.toString('utf8', 0, whole).split('\n').filter(Boolean);
  return lines.flatMap((line) => lineOf(line) ?? []);
}

function lineOf(text: string): AttemptLine | null {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** @returns The attempt, where the line begins one. */
function apply(line: AttemptLine, worker: string, known: Map<number, Attempt>): Attempt | null {
  const { attempt, stage, partition, at, event, reason = null } = line;
  if (event === 'begun') {
    const begun: Attempt = { worker, stage, partition, begun: at, ended: null, event, reason };
    known.set(attempt, begun);
    return begun;
  }
  const begun = known.get(attempt);
  if (begun) Object.assign(begun, { ended: at, event, reason });
  // Ended: kept by the list alone.
  known.delete(attempt);
  return null;
}
