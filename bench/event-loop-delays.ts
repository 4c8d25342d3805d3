import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop's timer of every millisecond comes, in milliseconds, while something goes on. */
export async function delaysWhile(work: () => Promise<unknown>) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  const late = (nanoseconds: number) => Number((nanoseconds / 1e6 - 1).toFixed(2));
  return { median: late(delay.percentile(50)), p99: late(delay.percentile(99)), most: late(delay.max) };
}
