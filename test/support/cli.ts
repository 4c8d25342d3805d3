import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  /** Resolves when the process has ended. */
  finished: Promise<Finished>;
  /** Resolves with the first match in what the process wrote to stderr so far or will write. */
  saw(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts the built command line as a user would, in a clean environment. */
export function startCli(args: string[], env: Record<string, string> = {}, input = ''): Started {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  const saw = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(stderr);
        if (match) resolve(match);
        return match !== null;
      };
      if (look()) return;
      child.stderr.on('data', look);
      child.on('close', () => look() || reject(new Error(`ended without ${pattern}: ${stderr}`)));
    });
  return { child, finished, saw };
}

/** Runs the command line to its end. */
export function cli(args: string[], env: Record<string, string> = {}, input = ''): Promise<Finished> {
  return startCli(args, env, input).finished;
}
