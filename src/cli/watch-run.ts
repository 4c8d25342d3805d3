import { setTimeout } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { SoundalikeError } from '../errors.ts';
import type { RunStatus } from '../jobs/run-status.ts';
import type { RunStatusReader } from '../jobs/run-status-reader.ts';

const POLL_MS = 1_000;

/** Without a terminal a line is written for every tenth of the run. */
const PLAIN_STEP = 0.1;

/** Jobs of a run that is done that do not become fewer for so long, as of documents, will not be done by it. */
const PATIENCE_MS = 60_000;

/**
 * Shows the progress on stderr until the run has ended, and gives its last state.
 *
 * @param signal Ends the watching; null is given then.
 * @param onError Is told of states that could not be read; the next look may succeed.
 */
export async function watchRun(
  reader: RunStatusReader,
  run: string,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<RunStatus | null> {
  const view = process.stderr.isTTY ? progressBar() : progressLines();
  let jobs = -1;
  let changedAt = 0;
  try {
    while (!signal.aborted) {
      const status = await reader.runStatus(run).catch((error) => {
        if (error instanceof SoundalikeError && error.code === 'RUN_NOT_FOUND') throw error;
        onError(error);
        return null;
      });
      if (status) {
        const done = status.stages.reduce((sum, stage) => sum + stage.done, 0);
        if (done !== jobs || status.state !== 'done') changedAt = Date.now();
        jobs = done;
        const ended = hasEnded(status) || Date.now() - changedAt > PATIENCE_MS;
        view.show(status, ended);
        if (ended) return status;
      }
      await setTimeout(POLL_MS, undefined, { signal }).catch(() => {});
    }
    return null;
  } finally {
    view.close();
  }
}

/** Done, with nothing left under way: documents may still be written after the index. */
function hasEnded({ state, stages }: RunStatus): boolean {
  if (state === 'failed' || state === 'cancelled') return true;
  return state === 'done' && stages.every(({ total, done, failed }) => done + (failed ?? 0) >= (total ?? 0));
}

function detail({ state, tracks, tracksPerMinute, secondsLeft, stages }: RunStatus): string {
  const clustering = stages.find(({ stage }) => stage === 'cluster');
  if (state === 'clustering' && clustering) {
    return `${state}, ${clustering.done} of at most ${clustering.total} jobs`;
  }
  const parts = [state, `${tracks.analysed} of ${tracks.planned ?? '?'} tracks`];
  if (tracks.failed > 0) parts.push(`${tracks.failed} failed`);
  if (tracksPerMinute !== null) parts.push(`${Math.round(tracksPerMinute)} a minute`);
  if (state === 'extracting')
    parts.push(secondsLeft === null ? 'time left unknown' : `${Math.ceil(secondsLeft)} s left`);
  return parts.join(', ');
}

interface ProgressView {
  show(status: RunStatus, ended: boolean): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

function progressBar(): ProgressView {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {detail}',
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(100, 0, { detail: 'planning' });
  return {
    show: (status) => bar.update(Math.floor(status.progress * 100), { detail: detail(status) }),
    close: () => bar.stop(),
  };
}

function progressLines(): ProgressView {
  let shownState = '';
  let shownProgress = 0;
  return {
    show(status, ended) {
      if (!ended && status.state === shownState && status.progress < shownProgress + PLAIN_STEP) return;
      shownState = status.state;
      shownProgress = status.progress;
      process.stderr.write(`${Math.floor(status.progress * 100)} %  ${detail(status)}\n`);
    },
    close() {},
  };
}
