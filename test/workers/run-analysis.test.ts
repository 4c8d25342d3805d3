import { expect, test } from 'vitest';
import { FEATURE_VERSION } from '../../src/audio/descriptors.ts';
import { runAnalysis } from '../../src/workers/run-analysis.ts';
import { sampleHead } from '../support/plans.ts';

const planOf = (featureVersion: string) => ({
  ...sampleHead,
  settings: { ...sampleHead.settings, featureVersion },
  tracks: 0,
  bytes: 0,
  partitions: [],
});

test('a run of this version is analysed as its version says', () => {
  expect(runAnalysis(planOf(`${FEATURE_VERSION}-middle30`))).toEqual({
    preset: 'default',
    window: 30,
    ffmpeg: null,
  });
});

test('a run that another version planned is refused, not mixed', () => {
  expect(() => runAnalysis(planOf('1'))).toThrow(
    expect.objectContaining({ code: 'RUN_VERSION', message: expect.stringContaining('version 1') }),
  );
});
