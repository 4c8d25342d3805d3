import { expect, test } from 'vitest';
import { analysisOf, featureVersionOf } from '../../src/audio/analysis-settings.ts';
import { FEATURE_VERSION, PRESETS, type PresetName } from '../../src/audio/descriptors.ts';

test('the default settings add nothing to the version', () => {
  expect(featureVersionOf({ preset: 'default', window: null, ffmpeg: null })).toBe(FEATURE_VERSION);
  expect(featureVersionOf({ preset: 'minimal', window: 60, ffmpeg: null })).toBe(
    `${FEATURE_VERSION}-minimal-middle60`,
  );
});

test('each version names its settings', () => {
  for (const preset of Object.keys(PRESETS) as PresetName[]) {
    for (const window of [null, 1, 600]) {
      for (const ffmpeg of [null, '5.1.9-0+deb12u1', 'N-1-g2-middle3']) {
        const settings = { preset, window, ffmpeg };
        expect(analysisOf(featureVersionOf(settings))).toEqual(settings);
      }
    }
  }
});

test.each([
  '1',
  `${FEATURE_VERSION}-gone`,
  `${FEATURE_VERSION}-middle`,
  `${FEATURE_VERSION}-default`,
  `${FEATURE_VERSION}-ffmpeg`,
  '',
])('the version %j is not of this program', (version) => expect(analysisOf(version)).toBeNull());
