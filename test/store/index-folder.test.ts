import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCurrent, readCurrentId } from '../../src/store/index-folder.ts';
import { writePlan } from '../../src/store/plan-files.ts';
import { publishIndex } from '../../src/store/publish-index.ts';
import { outputOf, startScript } from '../support/child-script.ts';
import { sampleHead, samplePartitions } from '../support/plans.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Of one whole segment, whose id is then that of the index. */
const indexOf = (id: string, run = 'run-1') => [
  {
    id,
    runs: [run],
    rows: null,
    files: [
      { name: 'header.json', bytes: '{}' },
      { name: 'vectors.arrow', bytes: new Uint8Array([1, 2, 3]) },
    ],
  },
];

async function dataDirWithRuns(...roots: string[]): Promise<string> {
  const dataDir = await temporaryFolder();
  for (const [index, root] of roots.entries()) {
    await writePlan(dataDir, { ...sampleHead, run: `run-${index + 1}`, root }, samplePartitions(1, 1));
  }
  return dataDir;
}

test('a published index is the live one', async () => {
  const dataDir = await dataDirWithRuns('/music');
  expect(await readCurrentId(dataDir)).toBeNull();
  await publishIndex(dataDir, indexOf('a'));
  const folder = join(dataDir, 'index/a');
  const segment = join(folder, 'segments/a');
  expect(await readCurrent(dataDir)).toEqual({
    index: 'a',
    folder,
    segments: [{ id: 'a', rows: null, sources: [{ run: 'run-1', root: '/music' }] }],
  });
  expect(await readdir(segment)).toEqual(['header.json', 'vectors.arrow']);
  expect([...(await readFile(join(segment, 'vectors.arrow')))]).toEqual([1, 2, 3]);
  await publishIndex(dataDir, indexOf('b'));
  expect(await readCurrentId(dataDir)).toBe('b');
});

test('publishing again moves CURRENT back, and the description to the run that asked', async () => {
  const dataDir = await dataDirWithRuns('/music', '/moved');
  await publishIndex(dataDir, indexOf('a'));
  await publishIndex(dataDir, indexOf('b'));
  await publishIndex(dataDir, indexOf('a', 'run-2'));
  expect(await readCurrent(dataDir)).toMatchObject({
    index: 'a',
    segments: [{ sources: [{ run: 'run-2', root: '/moved' }] }],
  });
  expect((await readdir(join(dataDir, 'index'))).sort()).toEqual(['a', 'b']);
});

test('publishing the same index at once is harmless', async () => {
  const dataDir = await dataDirWithRuns('/music');
  await Promise.all(Array.from({ length: 5 }, () => publishIndex(dataDir, indexOf('a'))));
  expect(await readCurrent(dataDir)).toMatchObject({ index: 'a', segments: [{ id: 'a' }] });
  expect(await readdir(join(dataDir, 'index'))).toEqual(['a']);
});

test('an index that the disk has no room for leaves the old one live, and no file', async () => {
  const dataDir = await dataDirWithRuns('/music');
  await publishIndex(dataDir, indexOf('a'));
  const limit = 2 ** 20;
  const script = `
    import { publishIndex } from './src/store/publish-index.ts';
    const files = [
      { name: 'header.json', bytes: '{}' },
      { name: 'vectors.arrow', bytes: new Uint8Array(${limit + 1}) },
    ];
    await publishIndex(${JSON.stringify(dataDir)}, [{ id: 'b', runs: ['run-1'], rows: null, files }])
      .catch((error) => console.log(error.code));`;
  expect(await outputOf(startScript(script, limit))).toBe('DATA_DIR_UNUSABLE\n');
  expect(await readCurrent(dataDir)).toMatchObject({ index: 'a' });
  expect(await readdir(join(dataDir, 'index'))).toEqual(['a']);
});

test('no index, and one that is gone, are told with what to do', async () => {
  const dataDir = await dataDirWithRuns('/music');
  const notFound = { code: 'INDEX_NOT_FOUND', message: expect.stringContaining('soundalike run') };
  await expect(readCurrent(dataDir)).rejects.toMatchObject(notFound);
  await publishIndex(dataDir, indexOf('a'));
  await rm(join(dataDir, 'index/a'), { recursive: true });
  await expect(readCurrent(dataDir)).rejects.toMatchObject(notFound);
});
