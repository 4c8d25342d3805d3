import { SingleBar } from 'cli-progress';
import type { RunStatus } from '../jobs/run-status.ts';
import type { RunStatusReader } from '../jobs/run-status-reader.ts';

const POLL_MS = 1_000;

/** Without a terminal a line is written for every tenth of the run. */
const PLAIN_STEP = 0.1;

/** Shows the progress on stderr until the run has ended, and gives its last state. */
export async function watchRun(reader: RunStatusReader, run: string): Promise<RunStatus> {
  const show = process.stderr.isTTY ? progressBar() : progressLines();
  for (;;) {
    const status = await reader.runStatus(run);
    const ended = hasEnded(status);
    show(status, ended);
    if (ended) return status;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Done, with nothing left under way: documents may still be written after the index. */
function hasEnded({ state, stages }: RunStatus): boolean {
  if (state === 'failed') return true;
  return state === 'done' && stages.every(({ total, done, failed }) => done + (failed ?? 0) >= (total ?? 0));
}

function detail({ state, tracks, tracksPerMinute, secondsLeft }: RunStatus): string {
  const parts = [state, `${tracks.analysed} of ${tracks.planned ?? '?'} tracks`];
  if (tracks.failed > 0) parts.push(`${tracks.failed} failed`);
  if (tracksPerMinute !== null) parts.push(`${Math.round(tracksPerMinute)} a minute`);
  if (state === 'extracting')
    parts.push(secondsLeft === null ? 'time left unknown' : `${Math.ceil(secondsLeft)} s left`);
  return parts.join(', ');
}

function progressBar(): (status: RunStatus, ended: boolean) => void {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {detail}',
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(100, 0, { detail: 'planning' });
  return (status, ended) => {
    bar.update(Math.floor(status.progress * 100), { detail: detail(status) });
    if (ended) bar.stop();
  };
}

function progressLines(): (status: RunStatus, ended: boolean) => void {
  let shownState = '';
  let shownProgress = 0;
  return (status, ended) => {
    if (!ended && status.state === shownState && status.progress < shownProgress + PLAIN_STEP) return;
    shownState = status.state;
    shownProgress = status.progress;
    process.stderr.write(`${Math.floor(status.progress * 100)} %  ${detail(status)}\n`);
  };
}
