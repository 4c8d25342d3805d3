import { copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { featureVersionOf } from '../../src/audio/analysis-settings.ts';
import { acceptRun, identifyRun } from '../../src/jobs/coordinator.ts';
import { readMongoCollection } from '../../src/store/read-mongo-collection.ts';
import { planRun } from '../../src/workers/plan-run.ts';
import { cli } from '../support/cli.ts';
import { outcomeOf } from '../support/outcome.ts';
import { realClips } from '../support/real-clips.ts';
import { temporaryFolder } from '../support/temporary.ts';

const settings = {
  featureVersion: featureVersionOf({ preset: 'default', window: null, ffmpeg: null }),
  maximumSeconds: 43_200,
};

it('failed tracks are analysed again, and the index is that of a run without the fault', async () => {
  const clips = await realClips();
  const music = join(await temporaryFolder(), 'music');
  await mkdir(music);
  const names = (await readdir(clips)).filter((name) => name.endsWith('.mp3')).slice(0, 3);
  for (const name of names) await copyFile(join(clips, name), join(music, name));

  const calm = await temporaryFolder();
  expect((await cli(['run', music, '--data', calm])).code).toBe(0);

  // Planned with a file that is away while the run is worked on.
  const data = await temporaryFolder();
  const request = { source: music, metadata: null, sample: null };
  const accepted = await identifyRun(request, settings, { readCollection: readMongoCollection });
  const { run } = accepted;
  await acceptRun(data, accepted);
  await planRun(data, run);
  const away = join(await temporaryFolder(), 'away.mp3');
  await rename(join(music, names[1]), away);
  const failed = await cli(['resume', run, '--data', data, '--json']);
  expect(failed.stderr).toMatch(/2 tracks analysed, 1 failed/);
  expect(failed.code).toBe(3);
  const [group] = JSON.parse(failed.stdout).failures;
  expect(group).toMatchObject({ code: 'AUDIO_UNREADABLE', count: 1, passing: true });
  const before = await outcomeOf(data, run);

  const none = await cli(['retry', run, '--data', data, '--class', 'AUDIO_SILENT']);
  expect(none.stderr).toContain('no track failed so');
  expect(await outcomeOf(data, run)).toEqual(before);

  // Still away: it fails once more, and is neither lost nor counted twice.
  const again = await cli(['retry', run, '--data', data]);
  expect(again.stderr).toMatch(/1 failed tracks are analysed again[\s\S]*2 tracks analysed, 1 failed/);
  expect(again.code).toBe(3);

  await rename(away, join(music, names[1]));
  const mended = await cli(['retry', run, '--data', data, '--json']);
  expect(mended.code, mended.stderr).toBe(0);
  expect(JSON.parse(mended.stdout).tracks).toEqual({ planned: 3, analysed: 3, failed: 0, truncated: 0 });

  const outcome = await outcomeOf(data, run);
  const expected = await outcomeOf(calm, run);
  expect(outcome.failures).toBe('');
  expect(outcome.current).toBe(expected.current);
  const current = (hashes: Record<string, string>) =>
    Object.fromEntries(Object.entries(hashes).filter(([path]) => path.includes(expected.current.trim())));
  expect(Object.keys(current(outcome.index)).length).toBeGreaterThan(3);
  expect(current(outcome.index)).toEqual(current(expected.index));
  // What was committed before stays as it was.
  expect(outcome.manifests).toMatchObject(before.manifests);
  expect(Object.values(outcome.shards)).toEqual(expect.arrayContaining(Object.values(expected.shards)));
}, 300_000);
