import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitPartition } from '../../src/store/commit.ts';
import { runPaths } from '../../src/store/paths.ts';
import { writeSuccess } from '../../src/store/run-outcome.ts';
import { openPeaks } from '../../src/store/track-peaks.ts';
import { sampleHead } from '../support/plans.ts';
import { sampleAnalysis, sampleRows } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A run of three shards, one of them with two row groups. */
async function finishedRun() {
  const dataDir = await temporaryFolder();
  const parts = [sampleRows(3, 1), sampleRows(270, 2), sampleRows(2, 3)];
  const files: { file: string; rows: number; sha256: string }[] = [];
  for (const [index, rows] of parts.entries()) {
    const { file, sha256 } = await commitPartition({
      dataDir,
      run: 'run-1',
      partition: `p${index}`,
      attempt: '1',
      rows,
      failures: [],
      ...sampleAnalysis,
      descriptors: ['rms'],
    });
    files.push({ file: file!, rows: rows.length, sha256: sha256! });
  }
  const rows = parts.flat();
  const succeed = () =>
    writeSuccess(dataDir, {
      run: 'run-1',
      index: 'index-1',
      rows: rows.length,
      failures: 0,
      files,
      settings: sampleHead.settings,
      codeVersion: '0',
    });
  return { dataDir, rows, files, succeed };
}

test('the peaks of a track are found by its row', async () => {
  const { dataDir, rows, succeed } = await finishedRun();
  await succeed();
  const peaks = openPeaks(dataDir, 'run-1');
  for (const row of [0, 2, 3, 258, 259, 272, 273, 274]) {
    expect(await peaks(rows[row].id, row), `row ${row}`).toEqual(rows[row].features.peaks);
  }
});

test('another track than the one asked for is an error', async () => {
  const { dataDir, rows, succeed } = await finishedRun();
  await succeed();
  const peaks = openPeaks(dataDir, 'run-1');
  await expect(peaks(rows[0].id, 1)).rejects.toMatchObject({ code: 'SHARD_DAMAGED' });
  await expect(peaks(rows[0].id, rows.length)).rejects.toMatchObject({ code: 'SHARD_DAMAGED' });
});

test('a run that is marked as done later has peaks from then on', async () => {
  const { dataDir, rows, succeed } = await finishedRun();
  const peaks = openPeaks(dataDir, 'run-1');
  await expect(peaks(rows[0].id, 0)).rejects.toMatchObject({ code: 'RUN_INCOMPLETE' });
  await succeed();
  expect(await peaks(rows[0].id, 0)).toEqual(rows[0].features.peaks);
});

test('a shard that is gone or damaged is named, and not where it lay', async () => {
  const { dataDir, rows, files, succeed } = await finishedRun();
  await succeed();
  const peaks = openPeaks(dataDir, 'run-1');
  const { shards } = runPaths(dataDir, 'run-1');
  await rm(join(shards, files[0].file));
  await writeFile(join(shards, files[1].file), 'not a shard');
  for (const [row, { file }] of [[0, files[0]] as const, [5, files[1]] as const]) {
    const error = await peaks(rows[row].id, row).catch((error) => error);
    expect(error).toMatchObject({ code: 'SHARD_DAMAGED' });
    expect(error.message).toContain(file);
    expect(error.message).not.toContain(dataDir);
  }
});
