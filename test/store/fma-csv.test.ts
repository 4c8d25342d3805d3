import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  DESCRIPTORS,
  type DescriptorName,
  FEATURE_VERSION,
  PRESETS,
  STATISTICS,
} from '../../src/audio/descriptors.ts';
import { commitPartition } from '../../src/store/commit.ts';
import { exportFmaCsv } from '../../src/store/fma-csv.ts';
import { writePlan } from '../../src/store/plan-files.ts';
import { openTable } from '../../src/store/run-table.ts';
import { sampleHead, samplePartitions } from '../support/plans.ts';
import { sampleRows } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

const code = (text: string) => Array.from(text).reduce((sum, character) => sum + character.charCodeAt(0), 0);

/** As in test/oracle/fma_features.py. */
function value(track: number, feature: string, statistic: string, band: number): number {
  const sign = band % 2 === 1 ? -1 : 1;
  return (sign * track * ((31 * code(feature) + code(statistic)) * 32 + band)) / (3 * 2 ** 34);
}

function rowOf(track: number) {
  const [row] = sampleRows(1);
  row.id = String(track).padStart(6, '0');
  for (const descriptor of PRESETS.fma) {
    const feature = { rms: 'rmse', tonnetz_cens: 'tonnetz' }[descriptor as string] ?? descriptor;
    for (const statistic of STATISTICS) {
      row.features.statistics[descriptor]![statistic] = Float32Array.from(
        { length: DESCRIPTORS[descriptor] },
        (_, band) => value(track, feature, statistic, band),
      );
    }
  }
  return row;
}

/** A run whose tracks are not in the order of their numbers. */
async function finishedRun(descriptors: readonly DescriptorName[]): Promise<string> {
  const dataDir = await temporaryFolder();
  const plan = await writePlan(dataDir, sampleHead, samplePartitions(2, 2));
  const parts = [[rowOf(155_320), rowOf(2)], [rowOf(10)]];
  for (const [index, { id: partition }] of plan.partitions.entries()) {
    const rows = parts[index];
    const run = { dataDir, run: 'run-1', partition, attempt: '1', failures: [] };
    await commitPartition({ ...run, rows, descriptors, featureVersion: FEATURE_VERSION });
  }
  return dataDir;
}

test.each(['fma', 'full'] as const)(
  'a run of the preset %s gives the bytes that pandas gives',
  async (preset) => {
    let text = '';
    for await (const part of exportFmaCsv(await openTable(await finishedRun(PRESETS[preset]), 'run-1')))
      text += part;
    expect(text).toBe(await readFile(new URL('../fixtures/store/features.csv', import.meta.url), 'utf8'));
  },
);

test('a run without the descriptors is refused', async () => {
  await expect(
    exportFmaCsv(await openTable(await finishedRun(PRESETS.default), 'run-1')).next(),
  ).rejects.toMatchObject({
    code: 'USAGE',
    message: 'the run has no chroma_cqt, chroma_cens, tonnetz_cens: analyse with --preset fma',
  });
});
