import { readFile } from 'node:fs/promises';
import { hasCode } from './atomic-file.ts';

/** States of /proc/<pid>/stat in which a process is dead and only waits for its parent (proc(5)). */
const DEAD = ['Z', 'X', 'x'];

/**
 * When a process started, in a form that no other process with the same id shares: the boot's id and the clock
 * ticks since boot. Empty where the system has no /proc (macOS): there the process's id must do.
 *
 * @returns null where no such process runs on this machine.
 */
export async function processStart(pid: number): Promise<string | null> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if (!hasCode(error, 'EPERM')) return null;
  }
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // Field 2, the command in brackets, may hold spaces and brackets; field 3 is the state, field 22 the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return DEAD.includes(fields[0]) ? null : `${boot.trim()}:${fields[19]}`;
  } catch {
    return '';
  }
}
