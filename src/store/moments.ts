import type { DescriptorName } from '../audio/descriptors.ts';
import type { ColumnMoments } from './manifest.ts';
import type { ShardRow } from './shard.ts';
import { type FeatureColumn, featureColumns } from './shard-columns.ts';

/** Welford 1962: one pass in float64, in the order of the rows, so that the same rows give the same bits. */
function momentsOf(rows: ShardRow[], { descriptor, statistic, bands }: FeatureColumn): ColumnMoments {
  const mean = new Array<number>(bands).fill(0);
  const m2 = new Array<number>(bands).fill(0);
  rows.forEach((row, seen) => {
    const values = row.features.statistics[descriptor]![statistic];
    for (let band = 0; band < bands; band++) {
      const deviation = values[band] - mean[band];
      mean[band] += deviation / (seen + 1);
      m2[band] += deviation * (values[band] - mean[band]);
    }
  });
  return { count: rows.length, mean, m2 };
}

/** The moments of every feature column of a shard's rows, by column. */
export function columnMoments(
  rows: ShardRow[],
  descriptors: readonly DescriptorName[],
): Record<string, ColumnMoments> {
  return Object.fromEntries(
    featureColumns(descriptors).map((column) => [column.name, momentsOf(rows, column)]),
  );
}
