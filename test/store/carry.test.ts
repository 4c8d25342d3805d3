import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCarryIndex, writeCarryIndex } from '../../src/store/carry.ts';
import { commitPartition } from '../../src/store/commit.ts';
import { runPaths } from '../../src/store/paths.ts';
import { writeRequest } from '../../src/store/runs.ts';
import { sampleHead } from '../support/plans.ts';
import { sampleAnalysis, sampleRows } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

const { request, settings } = sampleHead;

async function startRun(dataDir: string, run: string): Promise<void> {
  await writeRequest(dataDir, { run, request, settings, createdAt: '2026-01-01T00:00:00.000Z' });
}

/** An earlier run of six partitions with three rows each. */
async function earlierRun() {
  const dataDir = await temporaryFolder();
  await startRun(dataDir, 'earlier');
  const partitions = [1, 2, 3, 4, 5, 6].map((seed) => sampleRows(3, seed));
  for (const [index, rows] of partitions.entries()) {
    const partition = `p${index}`;
    await commitPartition({
      dataDir,
      run: 'earlier',
      partition,
      attempt: '1',
      rows,
      failures: [],
      ...sampleAnalysis,
    });
  }
  await startRun(dataDir, 'later');
  return { dataDir, rows: partitions.flat() };
}

test('features of the same content are carried over, whatever the order of asking', async () => {
  const { dataDir, rows } = await earlierRun();
  expect(await writeCarryIndex(dataDir, 'later', settings)).toBe(18);
  const carried = await openCarryIndex(dataDir, 'later');
  for (const row of [...rows, ...rows.toReversed()]) {
    expect(await carried(row.contentHash)).toEqual(row.features);
  }
  expect(await carried('unknown')).toBeNull();
  expect(await carried('__proto__')).toBeNull();
});

test('another feature version, the run itself and a run without a carry index give nothing', async () => {
  const { dataDir, rows } = await earlierRun();
  expect(await writeCarryIndex(dataDir, 'later', { ...settings, featureVersion: 'another' })).toBe(0);
  expect(await writeCarryIndex(dataDir, 'later', { ...settings, maximumSeconds: 1 })).toBe(0);
  expect(await writeCarryIndex(dataDir, 'earlier', settings)).toBe(0);
  const carried = await openCarryIndex(dataDir, 'later');
  expect(await carried(rows[0].contentHash)).toBeNull();
  await startRun(dataDir, 'third');
  expect(await (await openCarryIndex(dataDir, 'third'))(rows[0].contentHash)).toBeNull();
});

test('a shard that was damaged since, or before, means to analyse anew', async () => {
  const { dataDir, rows } = await earlierRun();
  await writeCarryIndex(dataDir, 'later', settings);
  const { shards } = runPaths(dataDir, 'earlier');
  const first = (await readdir(shards)).find((name) => name.startsWith('p0'));
  await writeFile(join(shards, first!), 'not a shard');
  const carried = await openCarryIndex(dataDir, 'later');
  expect(await carried(rows[0].contentHash)).toBeNull();
  expect(await carried(rows[3].contentHash)).toEqual(rows[3].features);
  expect(await writeCarryIndex(dataDir, 'later', settings)).toBe(15);
});
