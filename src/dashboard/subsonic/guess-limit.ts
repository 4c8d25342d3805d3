const MINUTE = 60_000;

/**
 * Counts wrong passwords. Who gave too many within a minute is not even asked for the right one until it is over.
 *
 * @param perMinute For each client.
 */
export function createGuessLimit(perMinute: number, now: () => number = Date.now) {
  const counts = new Map<string, number>();
  let begun = now();
  const current = () => {
    if (now() - begun >= MINUTE) {
      counts.clear();
      begun = now();
    }
    return counts;
  };
  return {
    isSpent: (client: string) => (current().get(client) ?? 0) >= perMinute,
    countWrong: (client: string) => current().set(client, (counts.get(client) ?? 0) + 1),
  };
}
