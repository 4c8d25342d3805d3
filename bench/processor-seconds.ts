/** What some work gives, and the seconds of processor time that this process took for it. */
export function processorSeconds<Result>(work: () => Result): { result: Result; seconds: number } {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return { result, seconds: (user + system) / 1e6 };
}
