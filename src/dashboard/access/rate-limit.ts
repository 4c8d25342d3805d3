/** A client whose bucket has been full for long is forgotten once there are so many. */
const REMEMBERED = 10_000;

/**
 * A token bucket for each client: `perMinute` requests at once, then one more every 60 / `perMinute` seconds.
 *
 * @returns Counts a request of a client, and gives the seconds it has to wait where it came too early, else 0.
 */
export function rateLimit(perMinute: number, now: () => number = Date.now): (client: string) => number {
  const perMillisecond = perMinute / 60_000;
  const buckets = new Map<string, { left: number; at: number }>();
  const leftAt = ({ left, at }: { left: number; at: number }, time: number) =>
    Math.min(perMinute, left + (time - at) * perMillisecond);

  return (client) => {
    const time = now();
    if (buckets.size >= REMEMBERED) {
      for (const [other, bucket] of buckets) if (leftAt(bucket, time) >= perMinute) buckets.delete(other);
    }
    const bucket = buckets.get(client);
    const left = bucket ? leftAt(bucket, time) : perMinute;
    const allowed = left >= 1;
    buckets.set(client, { left: allowed ? left - 1 : left, at: time });
    return allowed ? 0 : Math.ceil((1 - left) / perMillisecond / 1000);
  };
}
