/**
 * Lets so many pieces of work run at once; the others wait, the first come first.
 *
 * @returns Does a piece of work in its turn. Rejects with the signal's reason where it aborts before.
 */
export function createTurns(
  atOnce: number,
): <Result>(work: () => Promise<Result>, signal: AbortSignal) => Promise<Result> {
  let free = atOnce;
  const waiting: (() => void)[] = [];

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(begin);
    });
  }

  return async (work, signal) => {
    signal.throwIfAborted();
    if (free > 0) free--;
    else await turn(signal);
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
