import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PRESETS } from '../../src/audio/descriptors.ts';
import { sha256 } from '../../src/sha256.ts';
import { commitPartition } from '../../src/store/commit.ts';
import type { TrackFailure } from '../../src/store/manifest.ts';
import { listCommitted, readManifest, readShardBytes } from '../../src/store/manifest-files.ts';
import { runPaths } from '../../src/store/paths.ts';
import { readShard } from '../../src/store/read-shard.ts';
import { encodeShard } from '../../src/store/shard.ts';
import { outputOf, startScript } from '../support/child-script.ts';
import { sampleAnalysis, sampleRows, seededRandom } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

const failure: TrackFailure = { track: '000009', path: '000/9.mp3', code: 'AUDIO_EMPTY', message: 'empty' };

const attemptOf = (dataDir: string, attempt: string, rows = sampleRows(5)) => ({
  dataDir,
  run: 'run-1',
  partition: 'p1',
  attempt,
  rows,
  failures: [failure],
  ...sampleAnalysis,
});

/** Everything of a run's folder, by name. */
async function contentOf(dataDir: string): Promise<Record<string, string>> {
  const { folder } = runPaths(dataDir, 'run-1');
  const content: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) content[path.slice(folder.length + 1)] = sha256(await readFile(path));
  }
  return content;
}

test('a partition is committed as a shard and the manifest that names it', async () => {
  const dataDir = await temporaryFolder();
  const rows = sampleRows(5);
  const manifest = await commitPartition(attemptOf(dataDir, '1', rows.toReversed()));
  expect(manifest).toMatchObject({
    run: 'run-1',
    stage: 'extract',
    partition: 'p1',
    rows: 5,
    failures: [failure],
    truncated: 1,
    file: `p1-${manifest.sha256!.slice(0, 16)}.parquet`,
  });
  expect(manifest.moments.mfcc_mean.mean).toHaveLength(20);
  expect(await readManifest(dataDir, 'run-1', 'p1')).toEqual(manifest);
  expect(await listCommitted(dataDir, 'run-1')).toEqual(new Set(['p1']));
  const bytes = await readShardBytes(dataDir, manifest);
  expect(bytes).toHaveLength(manifest.bytes);
  expect(await readShard(bytes!)).toEqual(rows);
});

test('run twice, the end state is the same', async () => {
  const dataDir = await temporaryFolder();
  const first = await commitPartition(attemptOf(dataDir, '1'));
  const content = await contentOf(dataDir);
  expect(await commitPartition(attemptOf(dataDir, '2'))).toEqual(first);
  expect(await contentOf(dataDir)).toEqual(content);
});

test('the order of rows, the attempt and the data folder leave no trace', async () => {
  const [one, two] = [await temporaryFolder(), await temporaryFolder()];
  await commitPartition(attemptOf(one, '1'));
  await commitPartition(attemptOf(two, 'another', sampleRows(5).toReversed()));
  expect(await contentOf(two)).toEqual(await contentOf(one));
});

test('of attempts with different bytes at once, one wins, and the others leave nothing', async () => {
  const dataDir = await temporaryFolder();
  const attempts = [1, 2, 3, 4, 5].map((seed) => attemptOf(dataDir, String(seed), sampleRows(3, seed)));
  const manifests = await Promise.all(attempts.map(commitPartition));
  expect(new Set(manifests.map(({ sha256 }) => sha256)).size).toBe(1);
  expect(await readdir(runPaths(dataDir, 'run-1').shards)).toEqual([manifests[0].file]);
  expect(await readdir(runPaths(dataDir, 'run-1').manifests)).toEqual(['p1.json']);
  await expect(readShardBytes(dataDir, manifests[0])).resolves.toHaveLength(manifests[0].bytes);
});

test('of attempts with the same bytes at once, the loser does not delete the shard of the winner', async () => {
  const dataDir = await temporaryFolder();
  const manifests = await Promise.all(
    ['1', '2', '3', '4', '5'].map((attempt) => commitPartition(attemptOf(dataDir, attempt))),
  );
  for (const manifest of manifests) expect(manifest).toEqual(manifests[0]);
  expect(await readdir(runPaths(dataDir, 'run-1').shards)).toEqual([manifests[0].file]);
});

test('what an attempt leaves that dies before its manifest is harmless', async () => {
  const undisturbed = await temporaryFolder();
  const expected = await commitPartition(attemptOf(undisturbed, '1'));

  const dataDir = await temporaryFolder();
  await commitPartition(attemptOf(dataDir, '1', sampleRows(4)));
  const paths = runPaths(dataDir, 'run-1');
  await rm(join(paths.manifests, 'p1.json'));
  await writeFile(join(paths.shards, '.tmp-p1-1.parquet-123-abc'), 'PAR1, then nothing');
  await writeFile(join(paths.manifests, '.tmp-p1.json-123-abc'), '{"run":');
  expect(await listCommitted(dataDir, 'run-1')).toEqual(new Set());

  expect(await commitPartition(attemptOf(dataDir, '2'))).toEqual(expected);
  expect(await listCommitted(dataDir, 'run-1')).toEqual(new Set(['p1']));
  expect(await readShard((await readShardBytes(dataDir, expected))!)).toHaveLength(5);
});

test('processes killed at any moment of their commits end in the state of an undisturbed one', async () => {
  const seed = Date.now() % 100_000;
  console.log(`commits killed with seed ${seed}`);
  const random = seededRandom(seed);
  const partitions = 30;
  const scriptFor = (dataDir: string) => `
    import { commitPartition } from './src/store/commit.ts';
    import { sampleAnalysis, sampleRows } from './test/support/shard-rows.ts';
    console.log('started');
    for (let partition = 0; partition < ${partitions}; partition++) {
      await commitPartition({
        dataDir: ${JSON.stringify(dataDir)}, run: 'run-1', partition: 'p' + partition, attempt: String(process.pid),
        rows: sampleRows(3, partition), failures: [], ...sampleAnalysis,
      });
    }
    console.log('done');`;
  const runOnce = async (dataDir: string, killAfter: number | null) => {
    const child = startScript(scriptFor(dataDir));
    let output = '';
    for await (const part of child.stdout!) {
      output += part;
      if (output.includes('started') && killAfter !== null) {
        await sleep(killAfter);
        child.kill('SIGKILL');
      }
    }
    return output.includes('done');
  };

  const [undisturbed, killed] = [await temporaryFolder(), await temporaryFolder()];
  expect(await runOnce(undisturbed, null)).toBe(true);
  for (let kill = 0; kill < 4; kill++) await runOnce(killed, random() * 250);
  expect(await runOnce(killed, null)).toBe(true);

  const manifestsOf = async (dataDir: string) => {
    const content = Object.entries(await contentOf(dataDir));
    return Object.fromEntries(content.filter(([name]) => /^manifests\/p\d+\.json$/.test(name)));
  };
  expect(Object.keys(await manifestsOf(undisturbed))).toHaveLength(partitions);
  expect(await manifestsOf(killed)).toEqual(await manifestsOf(undisturbed));
  for (const partition of await listCommitted(killed, 'run-1')) {
    const manifest = await readManifest(killed, 'run-1', partition);
    await expect(readShardBytes(killed, manifest!)).resolves.toHaveLength(manifest!.bytes);
  }
}, 120_000);

test('a commit that the disk has no room for leaves the partition uncommitted and no file', async () => {
  const dataDir = await temporaryFolder();
  const rows = 200;
  const { byteLength } = await encodeShard(sampleRows(rows), PRESETS.minimal);
  const limit = Math.floor(byteLength / 2 / 512) * 512;
  const script = `
    import { commitPartition } from './src/store/commit.ts';
    import { sampleAnalysis, sampleRows } from './test/support/shard-rows.ts';
    const attempt = { dataDir: ${JSON.stringify(dataDir)}, run: 'run-1', partition: 'p1', attempt: '1' };
    const analysis = { ...sampleAnalysis, descriptors: ${JSON.stringify(PRESETS.minimal)} };
    await commitPartition({ ...attempt, rows: sampleRows(${rows}), failures: [], ...analysis })
      .catch((error) => console.log(error.code, error.cause.code));`;
  expect(await outputOf(startScript(script, limit))).toBe('DATA_DIR_UNUSABLE EFBIG\n');
  expect(await listCommitted(dataDir, 'run-1')).toEqual(new Set());
  expect(await readdir(runPaths(dataDir, 'run-1').shards)).toEqual([]);
});

test('a partition of which every track failed has a manifest and no shard', async () => {
  const dataDir = await temporaryFolder();
  const manifest = await commitPartition(attemptOf(dataDir, '1', []));
  expect(manifest).toMatchObject({ file: null, sha256: null, rows: 0, bytes: 0, failures: [failure] });
  expect(await readShardBytes(dataDir, manifest)).toBeNull();
  expect(await readManifest(dataDir, 'run-1', 'p1')).toEqual(manifest);
});

test('a shard that was changed or lost is found', async () => {
  const dataDir = await temporaryFolder();
  const manifest = await commitPartition(attemptOf(dataDir, '1'));
  const file = join(runPaths(dataDir, 'run-1').shards, manifest.file!);
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] ^= 1;
  await writeFile(file, bytes);
  const damaged = { code: 'SHARD_DAMAGED', message: expect.stringContaining('manifests/p1.json and resume') };
  await expect(readShardBytes(dataDir, manifest)).rejects.toMatchObject(damaged);
  await rm(file);
  await expect(readShardBytes(dataDir, manifest)).rejects.toMatchObject(damaged);
});

test('a manifest that is not one is an error, not an uncommitted partition', async () => {
  const dataDir = await temporaryFolder();
  await commitPartition(attemptOf(dataDir, '1'));
  await writeFile(join(runPaths(dataDir, 'run-1').manifests, 'p1.json'), '{"run":"run-1"}');
  await expect(readManifest(dataDir, 'run-1', 'p1')).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
});
