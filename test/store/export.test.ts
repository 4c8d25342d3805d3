import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { commitPartition } from '../../src/store/commit.ts';
import { exportCsv, exportParquet } from '../../src/store/export.ts';
import { writePlan } from '../../src/store/plan-files.ts';
import { readShard } from '../../src/store/read-shard.ts';
import { openTable } from '../../src/store/run-table.ts';
import { sampleHead, samplePartitions } from '../support/plans.ts';
import { sampleAnalysis, sampleRows } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A run of three partitions, one of them without a row. */
async function finishedRun() {
  const dataDir = await temporaryFolder();
  const plan = await writePlan(dataDir, sampleHead, samplePartitions(3, 2));
  const parts = [sampleRows(2, 1), [], sampleRows(2, 2)];
  for (const [index, { id: partition }] of plan.partitions.entries()) {
    const rows = parts[index];
    await commitPartition({
      dataDir,
      run: 'run-1',
      partition,
      attempt: '1',
      rows,
      failures: [],
      ...sampleAnalysis,
    });
  }
  return { dataDir, rows: parts.flat() };
}

test('a CSV reader gets every value back exactly', async () => {
  const { dataDir, rows } = await finishedRun();
  let text = '';
  for await (const part of exportCsv(await openTable(dataDir, 'run-1'))) text += part;
  const records: Record<string, string>[] = parse(text, { columns: true, record_delimiter: '\r\n' });
  expect(records).toHaveLength(4);
  rows.forEach((row, index) => {
    const record = records[index];
    expect(record.id).toBe(row.id);
    expect(record.title).toBe(row.metadata.title ?? '');
    expect(JSON.parse(record.genres)).toEqual(row.metadata.genres);
    expect(record.listens).toBe(String(row.metadata.listens ?? ''));
    expect(record.truncated).toBe(String(row.features.truncated));
    const { mfcc, mel, rms } = row.features.statistics;
    expect(Math.fround(Number(record.mfcc_mean_01))).toBe(mfcc!.mean[0]);
    expect(Math.fround(Number(record.mfcc_std_20))).toBe(mfcc!.std[19]);
    expect(Math.fround(Number(record.mel_kurtosis_128))).toBe(mel!.kurtosis[127]);
    expect(Math.fround(Number(record.mel_max_001))).toBe(mel!.max[0]);
    expect(Math.fround(Number(record.rms_median_01))).toBe(rms!.median[0]);
  });
});

test('the Parquet file holds the rows of all shards', async () => {
  const { dataDir, rows } = await finishedRun();
  const file = join(await temporaryFolder(), 'export.parquet');
  await writeFile(file, exportParquet(await openTable(dataDir, 'run-1')));
  expect(await readShard(file)).toEqual(rows);
});

test('nothing is written of a run that is not finished', async () => {
  const dataDir = await temporaryFolder();
  await writePlan(dataDir, sampleHead, samplePartitions(2, 1));
  await expect(openTable(dataDir, 'run-1')).rejects.toMatchObject({ code: 'RUN_INCOMPLETE' });
});
