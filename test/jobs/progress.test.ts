import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/jobs/progress.ts';

/** With 3 seconds of audio a track. */
const commit = (at: number, tracks = 10, bytes = 100) => ({
  tracks,
  bytes,
  seconds: 3 * tracks,
  at: at * 1_000,
});

describe('estimate', () => {
  it('knows nothing before the first commit', () => {
    const nothing = {
      progress: 0,
      audio: { analysedSeconds: 0, totalSeconds: null, estimated: true },
      audioPerSecond: null,
      tracksPerMinute: null,
      secondsLeft: null,
    };
    expect(estimate([], 1_000)).toEqual(nothing);
    expect(estimate([], null)).toEqual(nothing);
  });

  it('counts from the first commit on', () => {
    const { progress, tracksPerMinute, audioPerSecond, secondsLeft } = estimate(
      [commit(100), commit(130), commit(160)],
      1_000,
    );
    expect(audioPerSecond).toBeCloseTo(1);
    expect(progress).toBeCloseTo(0.3);
    expect(tracksPerMinute).toBeCloseTo(20);
    expect(secondsLeft).toBeCloseTo(700 / (200 / 60));
  });

  it('takes the seconds of what is not analysed from its bytes', () => {
    const { progress, audio } = estimate([commit(0, 10, 100), commit(1, 30, 300)], 1_000);
    expect(progress).toBeCloseTo(0.4);
    expect(audio.analysedSeconds).toBe(120);
    expect(audio.totalSeconds).toBeCloseTo(300);
    expect(audio.estimated).toBe(true);
  });

  it('does not depend on the order of the commits', () => {
    const commits = [commit(0), commit(5, 3, 50), commit(20, 7, 10)];
    expect(estimate(commits.toReversed(), 500)).toEqual(estimate(commits, 500));
  });

  it('says no time left before 5 % are done', () => {
    expect(estimate([commit(0, 1, 10), commit(60, 1, 10)], 1_000).secondsLeft).toBeNull();
    expect(estimate([commit(0, 1, 10), commit(60, 1, 40)], 1_000).secondsLeft).not.toBeNull();
  });

  it('leaves an interruption out', () => {
    const before = [commit(0), commit(10)];
    const after = [commit(10_000), commit(10_010), commit(10_020)];
    expect(estimate([...before, ...after], 10_000).tracksPerMinute).toBeCloseTo(60);
  });

  it('is done when nothing is left', () => {
    expect(estimate([commit(0, 1, 5)], 5)).toEqual({
      progress: 1,
      audio: { analysedSeconds: 3, totalSeconds: 3, estimated: false },
      audioPerSecond: null,
      tracksPerMinute: null,
      secondsLeft: 0,
    });
    expect(estimate([], 0).progress).toBe(1);
  });
});
