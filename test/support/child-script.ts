import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository, from which a script's imports start (`./src/…`). */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs a script (JavaScript that may import TypeScript) in a process of its own.
 *
 * @param largestFile Size in bytes at which any write of the process fails with a real error of the kernel, in
 *   the middle of the file; what a full disk does.
 */
export function startScript(script: string, largestFile?: number): ChildProcess {
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script];
  // A shell's ulimit counts in blocks of 512 bytes (POSIX).
  const command =
    largestFile === undefined
      ? node
      : ['sh', '-c', `ulimit -f ${largestFile / 512}; exec "$0" "$@"`, ...node];
  return spawn(command[0], command.slice(1), { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Everything that a process prints until it ends. */
export async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const part of child.stdout!) output += part;
  return output;
}

/** Waits until a process has printed `text`. */
export async function untilPrinted(child: ChildProcess, text: string): Promise<void> {
  let output = '';
  for await (const part of child.stdout!) {
    output += part;
    if (output.includes(text)) return;
  }
  throw new Error(`the process ended without printing ${text}: ${output}`);
}
