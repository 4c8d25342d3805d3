/** A committed partition, as progress counts it. */
export interface Commit {
  tracks: number;
  bytes: number;
  /** Time of the commit in ms: when its manifest was made. */
  at: number;
}

export interface Progress {
  progress: number;
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
 */
export function estimate(commits: Commit[], totalBytes: number | null): Progress {
  const doneBytes = commits.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = totalBytes === null ? 0 : totalBytes === 0 ? 1 : doneBytes / totalBytes;
  const latest = Math.max(...commits.map(({ at }) => at));
  const window = commits.filter(({ at }) => at >= latest - WINDOW_MS).sort((a, b) => a.at - b.at);
  const minutes = window.length < 2 ? 0 : (latest - window[0]!.at) / 60_000;
  if (minutes === 0) return { progress, tracksPerMinute: null, secondsLeft: progress === 1 ? 0 : null };

  // The first commit of the window opens the clock; what it took stands before.
  const counted = window.slice(1);
  const tracksPerMinute = counted.reduce((sum, { tracks }) => sum + tracks, 0) / minutes;
  const bytesPerSecond = counted.reduce((sum, { bytes }) => sum + bytes, 0) / (minutes * 60);
  const known = totalBytes !== null && progress >= LEAST_SHARE && bytesPerSecond > 0;
  return { progress, tracksPerMinute, secondsLeft: known ? (totalBytes - doneBytes) / bytesPerSecond : null };
}
