// Loaded into a process before its program: tells its parent, when asked, how long the event loop was held up.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** Milliseconds between two looks. */
const RESOLUTION = 2;

/** Milliseconds that this thread was on a processor, as the kernel counts them: others on the machine do not. */
const onProcessor = () =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

// Threads and forked processes inherit the option that loads this.
if (isMainThread && process.send) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  let before = onProcessor();
  let longest = 0;
  setInterval(() => {
    const now = onProcessor();
    longest = Math.max(longest, now - before);
    before = now;
  }, RESOLUTION).unref();
  process.on('message', (question) => {
    if (question !== 'loop?') return;
    const { rss, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    process.send({
      held: longest,
      late: { p99: delay.percentile(99) / 1e6, most: delay.max / 1e6 },
      processor: (user + system) / 1000,
      memory: { rss, heapUsed, external },
    });
    delay.reset();
    longest = 0;
  });
  process.channel.unref();
}
