const MINUTE = 60_000;

/** What is left of a client's bucket, at a time in milliseconds. */
interface Bucket {
  left: number;
  at: number;
}

/**
 * A token bucket for each client: `perMinute` requests at once, then one more every 60 / `perMinute` seconds.
 *
 * @returns Counts a request of a client, and gives the seconds it has to wait where it came too early, else 0.
 */
export function rateLimit(perMinute: number, now: () => number = Date.now): (client: string) => number {
  const perMillisecond = perMinute / MINUTE;
  // Two generations of a minute each: an empty bucket is full again after one, and need not be remembered any longer.
  let [young, old] = [new Map<string, Bucket>(), new Map<string, Bucket>()];
  let bornAt = now();

  return (client) => {
    const time = now();
    if (time - bornAt >= MINUTE) [young, old, bornAt] = [new Map(), young, time];
    const { left, at } = young.get(client) ?? old.get(client) ?? { left: perMinute, at: time };
    const filled = Math.min(perMinute, left + (time - at) * perMillisecond);
    const allowed = filled >= 1;
    young.set(client, { left: allowed ? filled - 1 : filled, at: time });
    return allowed ? 0 : Math.ceil((1 - filled) / perMillisecond / 1000);
  };
}
