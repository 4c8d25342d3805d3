import { expect, test } from 'vitest';
import { analysisOf, featureVersionOf } from '../../src/audio/analysis-settings.ts';
import { FEATURE_VERSION, PRESETS, type PresetName } from '../../src/audio/descriptors.ts';

test('the default settings add nothing to the version', () => {
  expect(featureVersionOf({ preset: 'default', window: null })).toBe(FEATURE_VERSION);
  expect(featureVersionOf({ preset: 'minimal', window: 60 })).toBe(`${FEATURE_VERSION}-minimal-middle60`);
});

test('each version names its settings', () => {
  for (const preset of Object.keys(PRESETS) as PresetName[]) {
    for (const window of [null, 1, 600]) {
      expect(analysisOf(featureVersionOf({ preset, window }))).toEqual({ preset, window });
    }
  }
});

test.each(['1', `${FEATURE_VERSION}-gone`, `${FEATURE_VERSION}-middle`, `${FEATURE_VERSION}-default`, ''])(
  'the version %j is not of this program',
  (version) => expect(analysisOf(version)).toBeNull(),
);
