import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Track } from '../../src/dataset/track.ts';
import { commitPartition } from '../../src/store/commit.ts';
import { readManifests } from '../../src/store/manifest-files.ts';
import { runPaths } from '../../src/store/paths.ts';
import { readPartition, readPlan, requirePlan, writePlan } from '../../src/store/plan-files.ts';
import { readFailures, readSuccess, writeFailures, writeSuccess } from '../../src/store/run-outcome.ts';
import type { RunRequest } from '../../src/store/run-request.ts';
import { listRuns, readRequest, writeRequest } from '../../src/store/runs.ts';
import { sampleHead, samplePartitions } from '../support/plans.ts';
import { sampleAnalysis } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

const { request, settings } = sampleHead;
const requestOf = (run: string, createdAt: string): RunRequest => ({ run, request, settings, createdAt });

test('runs are listed the latest first, and read by id', async () => {
  const dataDir = await temporaryFolder();
  expect(await listRuns(dataDir)).toEqual([]);
  const older = requestOf('older', '2026-01-01T00:00:00.000Z');
  const newer = requestOf('newer', '2026-01-02T00:00:00.000Z');
  await writeRequest(dataDir, older);
  await writeRequest(dataDir, newer);
  expect(await listRuns(dataDir)).toEqual([newer, older]);
  expect(await readRequest(dataDir, 'older')).toEqual(older);
});

test('an unknown run is told with those that exist', async () => {
  const dataDir = await temporaryFolder();
  await expect(readRequest(dataDir, 'absent')).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
    message: expect.stringContaining('no run was started there'),
  });
  await writeRequest(dataDir, requestOf('present', '2026-01-01T00:00:00.000Z'));
  await expect(readRequest(dataDir, 'absent')).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
    message: expect.stringContaining('present'),
  });
});

test.each(['../run', '..', '', 'a/b', '.hidden', 'a\0b'])('%j is no id of a run', async (run) => {
  const dataDir = await temporaryFolder();
  await expect(readRequest(dataDir, run)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});

test('a plan comes back, and each partition by its place in the file', async () => {
  const dataDir = await temporaryFolder();
  expect(await readPlan(dataDir, 'run-1')).toBeNull();
  const partitions = samplePartitions(4, 3);
  const plan = await writePlan(dataDir, sampleHead, partitions);
  expect(plan).toMatchObject({ ...sampleHead, tracks: 12, bytes: 12 * 1_000 });
  expect(await readPlan(dataDir, 'run-1')).toEqual(plan);
  expect(await requirePlan(dataDir, 'run-1')).toEqual(plan);
  for (const [index, entry] of plan.partitions.entries()) {
    const partition = await readPartition(dataDir, 'run-1', entry);
    expect(partition).toEqual({ id: entry.id, tracks: partitions[index] });
  }
});

test('a partition is named by its tracks and the settings, not by its run or place', async () => {
  const dataDir = await temporaryFolder();
  const [first, second] = samplePartitions(2, 3);
  const idsOf = async (head: typeof sampleHead, partitions: Track[][]) =>
    (await writePlan(dataDir, head, partitions)).partitions.map(({ id }) => id);
  const [one, two] = await idsOf(sampleHead, [first, second]);
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(one).not.toBe(two);
  expect(await idsOf({ ...sampleHead, run: 'run-2', root: '/elsewhere' }, [second, first])).toEqual([
    two,
    one,
  ]);
  expect(await idsOf({ ...sampleHead, settings: { ...settings, maximumSeconds: 1 } }, [first])).not.toContain(
    one,
  );
});

test('a plan that was written twice has the same bytes', async () => {
  const dataDir = await temporaryFolder();
  const paths = runPaths(dataDir, 'run-1');
  const write = async () => {
    await writePlan(dataDir, structuredClone(sampleHead), samplePartitions(3, 2));
    return [await readFile(paths.plan), await readFile(paths.partitions)];
  };
  expect(await write()).toEqual(await write());
});

test('a line that is not the one the plan names is an error', async () => {
  const dataDir = await temporaryFolder();
  const plan = await writePlan(dataDir, sampleHead, samplePartitions(2, 2));
  const [first, second] = plan.partitions;
  const damaged = { code: 'DATA_DIR_UNUSABLE', message: expect.stringContaining('plan.jsonl') };
  await expect(readPartition(dataDir, 'run-1', { ...first, id: second.id })).rejects.toMatchObject(damaged);
  await writeFile(runPaths(dataDir, 'run-1').partitions, '{}');
  await expect(readPartition(dataDir, 'run-1', first)).rejects.toMatchObject(damaged);
});

test('a run that is not planned or not finished is told apart from one that is not there', async () => {
  const dataDir = await temporaryFolder();
  await expect(requirePlan(dataDir, 'run-1')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  await writeRequest(dataDir, requestOf('run-1', '2026-01-01T00:00:00.000Z'));
  await expect(requirePlan(dataDir, 'run-1')).rejects.toMatchObject({ code: 'RUN_INCOMPLETE' });

  const plan = await writePlan(dataDir, sampleHead, samplePartitions(3, 2));
  const commit = (partition: string) =>
    commitPartition({
      dataDir,
      run: 'run-1',
      partition,
      attempt: '1',
      rows: [],
      failures: [],
      ...sampleAnalysis,
    });
  await commit(plan.partitions[1].id);
  await expect(readManifests(dataDir, plan)).rejects.toMatchObject({
    code: 'RUN_INCOMPLETE',
    message: expect.stringContaining('2 of 3 partitions'),
  });
  await commit(plan.partitions[2].id);
  await commit(plan.partitions[0].id);
  const manifests = await readManifests(dataDir, plan);
  expect(manifests.map(({ partition }) => partition)).toEqual(plan.partitions.map(({ id }) => id));
});

test('failures and what a run produced come back', async () => {
  const dataDir = await temporaryFolder();
  expect(await readFailures(dataDir, 'run-1')).toBeNull();
  expect(await readSuccess(dataDir, 'run-1')).toBeNull();
  const failures = ['000001', '000002'].map((track) => ({
    track,
    path: `${track}.mp3`,
    code: 'AUDIO_EMPTY' as const,
    message: 'the file has no bytes\nat all',
  }));
  const files = [{ file: 'p-1.parquet', rows: 3, sha256: 'ab' }];
  const success = { run: 'run-1', index: 'i1', rows: 3, failures: 2, files, settings, codeVersion: '0.1.0' };
  await writeFailures(dataDir, 'run-1', failures);
  await writeSuccess(dataDir, success);
  expect(await readFailures(dataDir, 'run-1')).toEqual(failures);
  expect(await readSuccess(dataDir, 'run-1')).toEqual(success);
});
