/** A committed partition, as progress counts it. */
export interface Commit {
  tracks: number;
  bytes: number;
  /** Seconds of audio that were analysed. */
  seconds: number;
  /** Time of the commit in ms: when its manifest was made. */
  at: number;
}

export interface Progress {
  progress: number;
  audio: { analysedSeconds: number; totalSeconds: number | null; estimated: boolean };
  audioPerSecond: number | null;
  tracksPerMinute: number | null;
  secondsLeft: number | null;
}

/** The rate is that of the last minutes, so that a run that was interrupted is not judged by the pause. */
const WINDOW_MS = 5 * 60_000;

/** Before this share is done an estimate of the time left would jump about. */
const LEAST_SHARE = 0.05;

/**
 * Progress, rate and time left from the times of the commits alone, so that every process that reads the data
 * folder shows the same, also after a restart.
 *
 * A plan knows bytes; seconds are known of what is analysed. The rest is taken to have as many seconds a byte, which
 * makes the share of the seconds that of the bytes, and lets it never go back.
 */
export function estimate(commits: readonly Commit[], totalBytes: number | null): Progress {
  const doneBytes = sum(commits, ({ bytes }) => bytes);
  const analysedSeconds = sum(commits, ({ seconds }) => seconds);
  const progress = totalBytes === null ? 0 : totalBytes === 0 ? 1 : doneBytes / totalBytes;
  const totalSeconds = progress === 1 ? analysedSeconds : progress > 0 ? analysedSeconds / progress : null;
  const audio = { analysedSeconds, totalSeconds, estimated: progress < 1 };

  const latest = commits.reduce((latest, { at }) => Math.max(latest, at), 0);
  const window = commits.filter(({ at }) => at >= latest - WINDOW_MS);
  const earliest = window.reduce(
    (earliest, commit) => (commit.at < earliest.at ? commit : earliest),
    window[0],
  );
  const span = window.length < 2 ? 0 : (latest - earliest.at) / 1_000;
  if (span === 0) {
    const secondsLeft = progress === 1 ? 0 : null;
    return { progress, audio, audioPerSecond: null, tracksPerMinute: null, secondsLeft };
  }
  // The first commit of the window opens the clock; what it took stands before.
  const counted = window.filter((commit) => commit !== earliest);
  const bytesPerSecond = sum(counted, ({ bytes }) => bytes) / span;
  const known = totalBytes !== null && progress >= LEAST_SHARE && bytesPerSecond > 0;
  return {
    progress,
    audio,
    audioPerSecond: sum(counted, ({ seconds }) => seconds) / span,
    tracksPerMinute: sum(counted, ({ tracks }) => tracks) / (span / 60),
    secondsLeft: known ? (totalBytes - doneBytes) / bytesPerSecond : null,
  };
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
