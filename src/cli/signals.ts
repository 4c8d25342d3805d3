import type { RunningWorker } from '../workers/worker.ts';

/** Resolves at the first SIGINT or SIGTERM; later ones are left to whoever listens then. */
export function stopSignal(): { stopped: Promise<void>; ignore(): void } {
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = () => resolve();
  });
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return {
    stopped,
    ignore() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

/**
 * Ends this process after a while, if it is still there then. BullMQ 6.7 can wait without end for a connection to close
 * that Redis has lost before (seen after Redis was killed twice). What is under way is done again by another process.
 */
export function exitWithin(milliseconds: number): void {
  setTimeout(() => process.exit(), milliseconds).unref();
}

/** Lets the jobs under way finish, unless a second signal asks for an end at once; nothing is lost either way. */
export async function closeGracefully(worker: RunningWorker): Promise<void> {
  const again = stopSignal();
  const closing = worker.close();
  await Promise.race([closing, again.stopped.then(() => process.exit(130))]);
  again.ignore();
}
