import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { squaredDistance } from '../../src/search/distance.ts';
import { readCurrentId } from '../../src/store/index-folder.ts';
import { openIndex } from '../../src/store/open-index.ts';
import { addToIndex } from '../../src/workers/add-to-index.ts';
import { duplicatesOfRun } from '../../src/workers/duplicates-of-run.ts';
import { removeFromIndex } from '../../src/workers/remove-from-index.ts';
import { finishRun } from '../support/finished-run.ts';
import { sampleRows } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 90_000 });

/** The index is of the run `old`. Of `new` one track is equal to one of `old`, and one nearly. */
async function twoRuns() {
  const dataDir = await temporaryFolder();
  const [old, added] = [sampleRows(6, 1), sampleRows(7, 2)];
  added[5].features = structuredClone(old[1].features);
  added[2].features = structuredClone(old[4].features);
  added[2].features.statistics.mfcc!.mean[3] += 1;
  await finishRun(dataDir, 'new', added);
  await finishRun(dataDir, 'old', old);
  return { dataDir, old, added };
}

async function pairsOf(dataDir: string, run: string): Promise<string[][]> {
  const pairs = await duplicatesOfRun(dataDir, run, 0.4);
  return pairs.map(({ track, indexed }) => [track.id, indexed.id]);
}

test("finds a run's tracks that the index has under other ids, and leaves the index as it is", async () => {
  const { dataDir, old, added } = await twoRuns();
  const index = await readCurrentId(dataDir);
  const pairs = await duplicatesOfRun(dataDir, 'new', 0.4);
  expect(pairs).toMatchObject([
    {
      track: { id: added[2].id, path: added[2].path },
      indexed: { id: old[4].id, title: old[4].metadata.title },
    },
    {
      track: { id: added[5].id, path: added[5].path },
      indexed: { id: old[1].id, title: old[1].metadata.title },
    },
  ]);
  expect(pairs[1].distance).toBe(0);
  expect(await duplicatesOfRun(dataDir, 'new', 1e-6)).toEqual([pairs[1]]);
  expect(await readCurrentId(dataDir)).toBe(index);

  // The same distance as between the two once both are in the index.
  await addToIndex(dataDir, 'new');
  const { list } = await openIndex(dataDir);
  const [one, two] = [added[2], old[4]].map(({ id }) => list.vector(list.rowOf(id)!));
  expect(pairs[0].distance).toBeGreaterThan(0);
  expect(pairs[0].distance).toBe(Math.sqrt(squaredDistance(one, 0, two)));
});

test('looks in all segments, and at no deleted track', async () => {
  const { dataDir, old, added } = await twoRuns();
  await addToIndex(dataDir, 'new');
  await removeFromIndex(dataDir, [old[1].id, added[6].id]);
  const itself = (id: string) => [id, id];
  const [like2, like5] = [
    [old[4].id, added[2].id],
    [old[1].id, added[5].id],
  ];
  expect(await pairsOf(dataDir, 'new')).toEqual([
    itself(added[0].id),
    itself(added[1].id),
    [...like2].reverse(),
    itself(added[2].id),
    ...added.slice(3, 6).map(({ id }) => itself(id)),
  ]);
  expect(await pairsOf(dataDir, 'old')).toEqual([
    itself(old[0].id),
    like5,
    itself(old[2].id),
    itself(old[3].id),
    itself(old[4].id),
    like2,
    itself(old[5].id),
  ]);
});

test('refuses a run that cannot be compared, and a distance below 0', async () => {
  const { dataDir } = await twoRuns();
  const refused = (run: string, code: string, below = 0.4) =>
    expect(duplicatesOfRun(dataDir, run, below)).rejects.toMatchObject({ code });
  await refused('none', 'RUN_NOT_FOUND');
  await refused('new', 'USAGE', -1);

  const manifests = join(dataDir, 'runs/old/manifests');
  await rm(join(manifests, (await readdir(manifests))[0]));
  await refused('old', 'RUN_INCOMPLETE');

  const plan = join(dataDir, 'runs/new/plan.json');
  const text = await readFile(plan, 'utf8');
  await writeFile(plan, text.replace(/"featureVersion":"[^"]*"/, '"featureVersion":"other"'));
  await refused('new', 'RUN_VERSION');
  await writeFile(plan, text);
  await rm(join(dataDir, 'index'), { recursive: true });
  await refused('new', 'INDEX_NOT_FOUND');
});
