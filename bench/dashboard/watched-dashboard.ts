import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const WATCH = new URL('watch-loop.mjs', import.meta.url).href;

/** What the event loop did since it was last asked about, in milliseconds; bytes of memory. */
export interface LoopReport {
  /** The longest that the main thread was on a processor between two turns of the loop. */
  held: number;
  /** How late timers came, whoever was the cause. */
  late: { p99: number; most: number };
  /** Milliseconds of processor time of the whole process, since its start. */
  processor: number;
  memory: { rss: number; heapUsed: number; external: number };
}

export interface WatchedDashboard {
  address: string;
  /** Milliseconds from the start of the process until it named its address. */
  startMs: number;
  loop(): Promise<LoopReport>;
  stop(): Promise<void>;
}

/** Starts the built dashboard on a data folder, embedded, in a process that watches its own event loop. */
export async function startWatchedDashboard(dataDir: string): Promise<WatchedDashboard> {
  const start = performance.now();
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(
    process.execPath,
    ['--import', WATCH, MAIN, 'dashboard', '--data', dataDir, '--port', '0'],
    {
      env: { PATH, HOME, SEARCHES_PER_MINUTE: '1000000' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  let written = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      written += text;
      const named = /dashboard: (http:\/\/\S+)/.exec(written);
      if (named) resolve(named[1]!);
    });
    child.once('exit', () => reject(new Error(`the dashboard ended: ${written}`)));
  });
  return {
    address,
    startMs: performance.now() - start,
    async loop() {
      child.send('loop?');
      const [report] = (await once(child, 'message')) as [LoopReport];
      return report;
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
