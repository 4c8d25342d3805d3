import { readFile } from 'node:fs/promises';

/** What a process and all processes below it use. */
export interface ProcessUsage {
  /** Cores kept busy since the measurement before; null at the first. */
  cores: number | null;
  /** Resident bytes; memory that processes share counts for each of them. */
  bytes: number;
}

/** USER_HZ, which is 100 on every architecture of Linux that Node runs on (proc(5), `utime`). */
const TICKS_A_SECOND = 100;
const PAGE_BYTES = 4_096;

interface ProcessFacts {
  ticks: number;
  pages: number;
  children: number[];
}

/**
 * Measures this process and those it forked, which do the work: by /proc, and so on Linux alone.
 *
 * @returns Gives the usage since the call before; null where there is no /proc.
 */
export function createUsageMeter(): () => Promise<ProcessUsage | null> {
  let before: { at: number; ticks: Map<number, number> } | null = null;
  return async () => {
    const processes = await processTree(process.pid);
    if (processes.size === 0) return null;
    const at = performance.now();
    let pages = 0;
    let used = 0;
    for (const [pid, facts] of processes) {
      pages += facts.pages;
      used += facts.ticks - (before?.ticks.get(pid) ?? 0);
    }
    const cores = before && used / TICKS_A_SECOND / ((at - before.at) / 1_000);
    before = { at, ticks: new Map(Array.from(processes, ([pid, { ticks }]) => [pid, ticks])) };
    return { cores, bytes: pages * PAGE_BYTES };
  };
}

async function processTree(root: number): Promise<Map<number, ProcessFacts>> {
  const found = new Map<number, ProcessFacts>();
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    // One that has ended meanwhile counts no more.
    const facts = await factsOf(pid).catch(() => null);
    if (!facts) continue;
    found.set(pid, facts);
    queue.push(...facts.children);
  }
  return found;
}

async function factsOf(pid: number): Promise<ProcessFacts> {
  const [stat, statm, children] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/statm`, 'utf8'),
    // Node forks from its first thread.
    readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''),
  ]);
  // The name of the program, in brackets, may hold spaces; state is the third field, utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    ticks: Number(fields[11]) + Number(fields[12]),
    pages: Number(statm.split(' ')[1]),
    children: children.split(' ').filter(Boolean).map(Number),
  };
}
